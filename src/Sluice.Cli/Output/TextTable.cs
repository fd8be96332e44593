using System.Text;

namespace Sluice.Cli.Output;

/// <summary>Rows in aligned columns, the same in a file and in a terminal that is wide enough.</summary>
internal sealed class TextTable
{
    private const string Gap = "  ";

    // A narrower column would break words instead of lines; the last one, which explains, is to have more.
    private const int NarrowestText = 16;
    private const int NarrowestLast = 30;

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
    /// Writes the table no wider than a terminal: columns are left out until it fits, and if that is not enough, texts are wrapped.
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

        if (width is { } most)
        {
            Narrow(shown[^1], NarrowestLast, Total(shown, widths) - most, widths);
            foreach (var column in shown.SkipLast(1).Where(column => !_isRight[column]).OrderByDescending(column => widths[column]))
            {
                Narrow(column, NarrowestText, Total(shown, widths) - most, widths);
            }
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

    private static void Narrow(int column, int least, int by, int[] widths) =>
        widths[column] = by > 0 ? Math.Max(Math.Min(least, widths[column]), widths[column] - by) : widths[column];

    private static int Total(List<int> shown, int[] widths) => shown.Sum(column => widths[column]) + (Gap.Length * (shown.Count - 1));

    private int Width(int column) => _rows.Select(row => row[column].Length).Append(_titles[column].Length).Max();

    // Further lines of a cell stand under the first one.
    private void Row(StringBuilder text, string[] row, List<int> shown, int[] widths)
    {
        var parts = row.Select((cell, column) => Wrap(cell, widths[column]).ToList()).ToList();
        for (var line = 0; line < shown.Max(column => parts[column].Count); line++)
        {
            Line(text, [.. parts.Select(cell => cell.ElementAtOrDefault(line) ?? "")], shown, widths);
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
