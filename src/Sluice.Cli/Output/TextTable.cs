using System.Globalization;
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

/// <summary>Formats numbers and times for people.</summary>
internal static class NumberFormat
{
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Count(double number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(share * 100):0} %");

    public static string Seconds(double seconds) => seconds.ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>A size: 812 B, 14 kB, 3.2 MB, 1.4 GB.</summary>
    public static string Bytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes switch
    {
        < 1_000 => $"{bytes} B",
        < 1_000_000 => $"{bytes / 1e3:0} kB",
        < 1_000_000_000 => $"{bytes / 1e6:0.0} MB",
        _ => $"{bytes / 1e9:0.0} GB",
    }}");

    /// <summary>An instant in UTC, to the second.</summary>
    public static string Time(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A length of time: 12 s, 3 min 5 s, 2 h 10 min.</summary>
    public static string Span(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span switch
    {
        { TotalSeconds: < 60 } => $"{(int)span.TotalSeconds} s",
        { TotalMinutes: < 60 } => $"{(int)span.TotalMinutes} min {span.Seconds} s",
        _ => $"{(int)span.TotalHours} h {span.Minutes} min",
    }}");
}
