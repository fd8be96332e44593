using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.Engine.DuckDb;

namespace Sluice.Engine.Shape;

/// <summary>ISO 8601 times in the range of a TIMESTAMPTZ: years 1 to 9999, to the microsecond.</summary>
internal static partial class IsoTime
{
    public const long FirstUnixSecond = -62135596800;
    public const long LastUnixSecond = 253402300799;

    /// <summary>The accepted pattern, for both .NET and RE2, which DuckDB uses.</summary>
    public const string Pattern = @"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})?)?";

    /// <summary>The time in a form that DuckDB casts, or null if the text is not a time; without an offset it is UTC.</summary>
    public static string? ForDuckDb(string text) =>
        Whole().IsMatch(text)
        && DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? ForDuckDb(time)
            : null;

    /// <summary>The time that many seconds after 1970, or null if it is out of range.</summary>
    public static string? ForDuckDb(long unixSeconds) =>
        unixSeconds is >= FirstUnixSecond and <= LastUnixSecond ? ForDuckDb(DateTimeOffset.FromUnixTimeSeconds(unixSeconds)) : null;

    private static string ForDuckDb(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture) + "+00";

    [GeneratedRegex("^(" + Pattern + @")\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Whole();
}

/// <summary>
/// SQL that converts values to times. DuckDB would accept times that it can't keep to the microsecond: those fail the statement, and the segment is
/// safe-cast instead.
/// </summary>
internal static class FastTime
{
    // Microseconds, so that DuckDB converts without a float in between; 0 stands for "never".
    public static string OfSeconds(string value) => Checked(
        $"{value} BETWEEN {IsoTime.FirstUnixSecond} AND {IsoTime.LastUnixSecond}", $"make_timestamptz(nullif({value}, 0) * 1000000)", value);

    public static string OfText(string value) =>
        Checked($"regexp_full_match({value}, {DuckDBLiteral.Quote(IsoTime.Pattern)})", $"CAST({value} AS TIMESTAMPTZ)", value);

    private static string Checked(string condition, string read, string value) =>
        $"CASE WHEN {condition} THEN {read} WHEN {value} IS NOT NULL THEN CAST(error('odd time') AS TIMESTAMPTZ) END";
}
