using Sluice.DuckDb;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Shape;

/// <summary>SQL that converts one JSON value without ever failing and without ever changing it silently.</summary>
internal sealed class CarefulValue
{
    private readonly List<string> _pointers;

    public CarefulValue(IEnumerable<TableColumn> columns) =>
        _pointers = [.. columns.SelectMany(column => column.Sources).Select(JsonPointer.Of).Distinct(StringComparer.Ordinal)];

    /// <summary>
    /// Takes all values out of the records at once: each call of a JSON function holds the parsed records of a whole vector, and a call for
    /// each column would not fit the memory that a load may use.
    /// </summary>
    public string Extract(string records)
    {
        var list = string.Join(", ", _pointers.DefaultIfEmpty("/").Select(pointer => DuckDBLiteral.Quote(pointer)));
        return $"(SELECT json_extract_string(record, [{list}]) AS texts, json_extract(record, [{list}]) AS jsons FROM {records})";
    }

    public string Of(TableColumn column) => Convert(column.Type, Raw(column), Json(column));

    /// <summary>The value as text: a string's content, or the JSON of anything else; NULL when absent or null.</summary>
    public string Raw(TableColumn column) => Coalesce(column, source => $"texts[{Place(source)}]");

    public string IsRejected(TableColumn column) => column.Type == ColumnType.UnixTime
        ? $"{Raw(column)} IS NOT NULL AND {Raw(column)} <> '0' AND {Of(column)} IS NULL"
        : $"{Raw(column)} IS NOT NULL AND {Of(column)} IS NULL";

    private string Json(TableColumn column) => Coalesce(
        column, source => $"nullif(jsons[{Place(source)}], 'null')");

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

    // SQL counts from 1.
    private int Place(IReadOnlyList<string> source) => _pointers.IndexOf(JsonPointer.Of(source)) + 1;
}
