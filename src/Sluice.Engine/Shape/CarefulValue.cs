using Sluice.DuckDb;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Shape;

/// <summary>SQL that converts one JSON value without ever failing and without ever changing it silently.</summary>
internal static class CarefulValue
{
    public static string Of(TableColumn column) => Convert(column.Type, Raw(column), Json(column));

    /// <summary>The value as text: a string's content, or the JSON of anything else; NULL when absent or null.</summary>
    public static string Raw(TableColumn column) => Coalesce(column, source => $"record->>{Pointer(source)}");

    public static string IsRejected(TableColumn column) => column.Type == ColumnType.UnixTime
        ? $"{Raw(column)} IS NOT NULL AND {Raw(column)} <> '0' AND {Of(column)} IS NULL"
        : $"{Raw(column)} IS NOT NULL AND {Of(column)} IS NULL";

    private static string Json(TableColumn column) => Coalesce(
        column, source => $"nullif(json_extract(record, {Pointer(source)}), 'null')");

    private static string Convert(ColumnType type, string text, string json) => type switch
    {
        ColumnType.Json => json,
        ColumnType.Bigint => Exact(text),
        ColumnType.Double => $"TRY_CAST({text} AS DOUBLE)",
        ColumnType.Boolean => $"TRY_CAST({text} AS BOOLEAN)",
        ColumnType.Timestamp => $"TRY_CAST({text} AS TIMESTAMPTZ)",
        ColumnType.UnixTime => UnixTime(text),
        _ => text,
    };

    // "007" and 1.5 cast to BIGINT without complaint: only what reads back the same is that integer.
    private static string Exact(string text) =>
        $"CASE WHEN CAST(TRY_CAST({text} AS BIGINT) AS VARCHAR) = {text} THEN TRY_CAST({text} AS BIGINT) END";

    // Years 1 to 9999: what lies outside is no time, and DuckDB would refuse the whole segment for it.
    private static string UnixTime(string text) =>
        $"CASE WHEN TRY_CAST({text} AS BIGINT) = 0 THEN NULL " +
        $"WHEN TRY_CAST({text} AS BIGINT) BETWEEN -62135596800 AND 253402300799 AND CAST(TRY_CAST({text} AS BIGINT) AS VARCHAR) = {text} " +
        $"THEN make_timestamptz(TRY_CAST({text} AS BIGINT) * 1000000) " +
        $"WHEN TRY_CAST({text} AS BIGINT) IS NULL THEN TRY_CAST({text} AS TIMESTAMPTZ) END";

    private static string Coalesce(TableColumn column, Func<IReadOnlyList<string>, string> value) => column.Sources.Count == 1
        ? $"({value(column.Sources[0])})"
        : $"coalesce({string.Join(", ", column.Sources.Select(source => $"({value(source)})"))})";

    private static string Pointer(IReadOnlyList<string> source) => DuckDBLiteral.Quote(JsonPointer.Of(source));
}
