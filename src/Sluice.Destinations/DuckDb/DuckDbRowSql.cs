using Sluice.Destinations.Merge;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Load;

namespace Sluice.Destinations.DuckDb;

/// <summary>Rows of DuckDB's tables: all values go in and out as text, which DuckDB casts.</summary>
internal sealed class DuckDbRowSql : RowSql
{
    private static readonly string[] Whole =
    [
        "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT", "BIGNUM",
    ];

    public override string UsualSchema => "main";

    // A generated column is known only by the statement that made its table.
    public override Task<IReadOnlyList<EditableColumn>> ColumnsAsync(DbSession session, string schema, string table, CancellationToken cancel) =>
        ConnectionExtensions.OrNoneAsync(session.ListAsync(
            ConnectionExtensions.ColumnsSql(session.Dialect.Table(schema, table)),
            row => new EditableColumn(row.GetString(0), row.GetString(1), FormOf(row.GetString(1)), IsComputed: false),
            cancel));

    public override string Read(string name, EditableColumn column) =>
        IsNested(column) ? $"CAST(to_json({name}) AS VARCHAR)" : $"CAST({name} AS VARCHAR)";

    public override string Write(string table, string parameter, EditableColumn column) =>
        IsNested(column) ? $"CAST(CAST({parameter} AS JSON) AS {column.Type})" : $"CAST({parameter} AS {column.Type})";

    private static bool IsNested(EditableColumn column) => column.Form == JsonForm.Json && column.Type != "JSON";

    private static JsonForm FormOf(string type) => type switch
    {
        "BOOLEAN" => JsonForm.Flag,
        "FLOAT" or "DOUBLE" => JsonForm.Double,
        "DATE" => JsonForm.Date,
        "BLOB" or "BIT" => JsonForm.Bytes,
        "JSON" => JsonForm.Json,
        _ when type.StartsWith("TIMESTAMP", StringComparison.Ordinal) => JsonForm.Time,
        _ when type.EndsWith(']') || type.StartsWith("STRUCT(", StringComparison.Ordinal) || type.StartsWith("MAP(", StringComparison.Ordinal)
            || type.StartsWith("UNION(", StringComparison.Ordinal) => JsonForm.Json,
        _ when Whole.Contains(type) || type.StartsWith("DECIMAL", StringComparison.Ordinal) => JsonForm.Number,
        _ => JsonForm.Text,
    };
}
