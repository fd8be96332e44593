using System.Globalization;

namespace Sluice.Destinations.ClickHouse;

/// <summary>Names and values as ClickHouse's SQL writes them.</summary>
internal static class ClickHouseText
{
    /// <summary>A name in backquotes.</summary>
    public static string Quote(string name) =>
        $"`{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal)}`";

    /// <summary>A text in apostrophes.</summary>
    public static string Literal(string text) =>
        "'"
        + text
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("'", "\\'", StringComparison.Ordinal)
            .Replace("\0", "\\0", StringComparison.Ordinal)
        + "'";

    /// <summary>An instant with microseconds, in UTC.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    /// <summary>An instant as a value of a column.</summary>
    public static string Instant(DateTimeOffset time) => $"toDateTime64('{Time(time)}', 6, 'UTC')";
}
