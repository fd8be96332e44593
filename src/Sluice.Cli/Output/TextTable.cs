using System.Text;

namespace Sluice.Cli.Output;

/// <summary>Rows in aligned columns, the same in a file and in a terminal that is wide enough.</summary>
internal sealed class TextTable
{
    private const string Gap = "  ";

    // A narrower column would break words instead of lines.
    private const int NarrowestText = 16;

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

    public override string ToString() => Within(null);

    /// <summary>
    /// Writes the table no wider than a terminal: columns are left out until it fits, and if that is not enough the last one is wrapped.
    /// </summary>
    /// <param name="width">The terminal's columns; null for any width, as in a file.</param>
    /// <param name="expendable">The titles of the columns that may be left out, the least needed one first.</param>
    public string Within(int? width, params IEnumerable<string> expendable)
    {
        var shown = Enumerable.Range(0, _titles.Length).ToList();
        var widths = shown.Select(Width).ToArray();
        foreach (var title in expendable.TakeWhile(_ => Total(shown, widths) > width))
        {
            shown.Remove(Array.IndexOf(_titles, title));
        }

        if (width is { } most && Total(shown, widths) > most)
        {
            var last = shown[^1];
            widths[last] = Math.Max(NarrowestText, widths[last] - (Total(shown, widths) - most));
        }

        var text = new StringBuilder();
        Line(text, _titles, shown, widths);
        Line(text, [.. widths.Select(wide => new string('-', wide))], shown, widths);
        foreach (var row in _rows)
        {
            Row(text, row, shown, widths);
        }

        return text.ToString();
    }

    private static int Total(List<int> shown, int[] widths) => shown.Sum(column => widths[column]) + (Gap.Length * (shown.Count - 1));

    private int Width(int column) => _rows.Select(row => row[column].Length).Append(_titles[column].Length).Max();

    // Further lines of the last cell stand under the first one.
    private void Row(StringBuilder text, string[] row, List<int> shown, int[] widths)
    {
        var last = shown[^1];
        var cells = (string[])row.Clone();
        foreach (var part in Wrap(row[last], widths[last]))
        {
            cells[last] = part;
            Line(text, cells, shown, widths);
            Array.Fill(cells, "");
        }
    }

    private static IEnumerable<string> Wrap(string cell, int width)
    {
        while (cell.Length > width)
        {
            var space = cell.LastIndexOf(' ', width);
            var end = space > 0 ? space : width;
            yield return cell[..end];
            cell = cell[end..].TrimStart();
        }

        yield return cell;
    }

    private void Line(StringBuilder text, string[] cells, List<int> shown, int[] widths)
    {
        var padded = shown.Select(column => _isRight[column] ? cells[column].PadLeft(widths[column]) : cells[column].PadRight(widths[column]));
        text.Append(string.Join(Gap, padded).TrimEnd()).Append('\n');
    }
}
