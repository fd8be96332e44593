using System.Text.Json.Nodes;
using Sluice.Destinations.Merge;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Postgres;

/// <summary>Rows of PostgreSQL's tables: all values go in and out as text, which PostgreSQL casts; arrays and composite values as JSON.</summary>
internal sealed class PostgresRowSql : RowSql
{
    // The form of a domain's values is that of the type that it is made of.
    private const string Columns = """
        SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), b.typname::text, b.typcategory IN ('A', 'C'),
          a.attgenerated <> '' OR a.attidentity = 'a'
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_type t ON t.oid = a.atttypid JOIN pg_type b ON b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
        WHERE n.nspname = @schema AND c.relname = @table AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
        """;

    public override string UsualSchema => "public";

    public override string Begin => "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ";

    public override Task<IReadOnlyList<EditableColumn>> ColumnsAsync(DbSession session, string schema, string table, CancellationToken cancel) =>
        session.ListAsync(
            Columns,
            row => new EditableColumn(
                row.GetString(0), row.GetString(1), row.GetBoolean(3) ? JsonForm.Json : FormOf(row.GetString(2)), row.GetBoolean(4)),
            cancel,
            ("schema", schema),
            ("table", table));

    // As JSON a time does not hang on DateStyle, and tells its zone.
    public override string Read(string name, EditableColumn column) => column.Form switch
    {
        JsonForm.Time or JsonForm.Date => $"to_jsonb({name}) #>> '{{}}'",
        JsonForm.Json => $"CAST(to_jsonb({name}) AS text)",
        _ => $"CAST({name} AS text)",
    };

    // A cast cuts a text that is too long without a word; an assignment refuses it.
    public override string Write(string table, string parameter, EditableColumn column) =>
        IsNested(column) ? $"(jsonb_populate_record(NULL::{table}, CAST({parameter} AS jsonb))).{PostgresDialect.Quoted(column.Name)}"
        : column.Type.StartsWith("character", StringComparison.Ordinal) ? $"CAST({parameter} AS text)"
        : $"CAST({parameter} AS {column.Type})";

    public override object? Parameter(JsonNode? value, EditableColumn column) => IsNested(column)
        ? FormedValue.TextOf(new JsonObject { [column.Name] = value?.DeepClone() })
        : column.Form == JsonForm.Json ? value?.ToJsonString()
        : base.Parameter(value, column);

    private static bool IsNested(EditableColumn column) => column.Form == JsonForm.Json && column.Type is not ("json" or "jsonb");

    private static JsonForm FormOf(string type) => type switch
    {
        "bool" => JsonForm.Flag,
        "int2" or "int4" or "int8" or "numeric" => JsonForm.Number,
        "float4" or "float8" => JsonForm.Double,
        "timestamptz" or "timestamp" => JsonForm.Time,
        "date" => JsonForm.Date,
        "json" or "jsonb" => JsonForm.Json,
        "bytea" => JsonForm.Bytes,
        _ => JsonForm.Text,
    };
}
