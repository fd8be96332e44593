using System.Text;

namespace Sluice.Cli.Output;

/// <summary>Rows in aligned columns, the same in a terminal and in a file.</summary>
internal sealed class TextTable
{
    private const string Gap = "  ";

    private readonly string[] _titles;
    private readonly bool[] _isRight;
    private readonly List<string[]> _rows = [];

    /// <summary>Creates a table; columns whose title starts with '>' are right-aligned.</summary>
    public TextTable(params string[] titles)
    {
        _isRight = [.. titles.Select(title => title.StartsWith('>'))];
        _titles = [.. titles.Select(title => title.TrimStart('>'))];
    }

    public void Add(params string[] cells) => _rows.Add([.. cells.Select(VisibleText.Line)]);

    public override string ToString()
    {
        var widths = Enumerable.Range(0, _titles.Length).Select(Width).ToArray();
        var text = new StringBuilder();
        Line(text, _titles, widths);
        Line(text, [.. widths.Select(width => new string('-', width))], widths);
        foreach (var row in _rows)
        {
            Line(text, row, widths);
        }

        return text.ToString();
    }

    private int Width(int column) => _rows.Select(row => row[column].Length).Append(_titles[column].Length).Max();

    private void Line(StringBuilder text, string[] cells, int[] widths)
    {
        var padded = cells.Select((cell, column) => _isRight[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
        text.Append(string.Join(Gap, padded).TrimEnd()).Append('\n');
    }
}
