using Sluice.Engine.DuckDb;

namespace Sluice.Engine.Shape;

/// <summary>
/// SQL that makes times of values. DuckDB would take times that it can't keep to the microsecond: what is odd ends the statement, and the segment is read
/// with care.
/// </summary>
internal static class FastTime
{
    // Microseconds, so that DuckDB converts without a float in between; 0 stands for "never".
    public static string OfSeconds(string value) => Checked(
        $"{value} BETWEEN {IsoTime.FirstUnixSecond} AND {IsoTime.LastUnixSecond}", $"make_timestamptz(nullif({value}, 0) * 1000000)", value);

    public static string OfText(string value) => Checked($"regexp_full_match({value}, {DuckDBLiteral.Quote(IsoTime.Pattern)})", $"CAST({value} AS TIMESTAMPTZ)", value);

    private static string Checked(string condition, string read, string value) =>
        $"CASE WHEN {condition} THEN {read} WHEN {value} IS NOT NULL THEN CAST(error('odd time') AS TIMESTAMPTZ) END";
}
