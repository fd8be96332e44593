using System.Globalization;
using System.Text;

namespace Sluice.Destinations.ClickHouse;

/// <summary>Names and values as ClickHouse's SQL and its tab-separated format write them.</summary>
internal static class ClickHouseText
{
    /// <summary>A name in backquotes.</summary>
    public static string Quote(string name) => $"`{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal)}`";

    /// <summary>A text in apostrophes.</summary>
    public static string Literal(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal).Replace("\0", "\\0", StringComparison.Ordinal)}'";

    /// <summary>An instant with microseconds, in UTC: the longest form that all versions read.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    /// <summary>An instant as a value of a column.</summary>
    public static string Instant(DateTimeOffset time, string type) =>
        ClickHouseType.Bare(type) == "FixedString(26)" ? $"toFixedString('{Time(time)}', 26)" : $"toDateTime64('{Time(time)}', 6, 'UTC')";

    public static DateTimeOffset ReadTime(string text) =>
        DateTimeOffset.ParseExact(text, "yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    /// <summary>Escapes a text as a field of the tab-separated format, which parameters of a statement use as well.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '\\' => escaped.Append("\\\\"),
                '\t' => escaped.Append("\\t"),
                '\n' => escaped.Append("\\n"),
                '\r' => escaped.Append("\\r"),
                '\0' => escaped.Append("\\0"),
                _ => escaped.Append(letter),
            };
        }

        return escaped.ToString();
    }

    /// <summary>Reads a field of the tab-separated format; null for NULL.</summary>
    public static string? Unescape(string field)
    {
        if (field == "\\N" || !field.Contains('\\', StringComparison.Ordinal))
        {
            return field == "\\N" ? null : field;
        }

        var text = new StringBuilder(field.Length);
        for (var at = 0; at < field.Length; at++)
        {
            text.Append(field[at] != '\\' || at + 1 == field.Length ? field[at] : Unescape(field[++at]));
        }

        return text.ToString();
    }

    private static char Unescape(char letter) => letter switch
    {
        'b' => '\b',
        'f' => '\f',
        'r' => '\r',
        'n' => '\n',
        't' => '\t',
        '0' => '\0',
        _ => letter,
    };
}
