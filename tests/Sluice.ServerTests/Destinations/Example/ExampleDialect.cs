using Sluice.Destinations.Merge;
using Sluice.Engine.Catalog;

namespace Sluice.ServerTests.Destinations.Example;

/// <summary>Example's words.</summary>
internal sealed class ExampleDialect : SqlDialect
{
    public override string Parameter(string name) => $"${name}";

    public override string Type(ColumnType type, bool isKey = false) => type switch
    {
        ColumnType.Bigint => "BIGINT",
        ColumnType.Double => "DOUBLE",
        ColumnType.Boolean => "BOOLEAN",
        ColumnType.Timestamp or ColumnType.UnixTime => "TIMESTAMP WITH TIME ZONE",
        ColumnType.Json => "JSON",
        _ => "VARCHAR",
    };

    public override async Task<OrderedDictionary<string, ColumnType>> ColumnsAsync(
        DbSession session,
        string schema,
        string table,
        CancellationToken cancel
    ) =>
        new(
            await session.ListAsync(
                """
                SELECT column_name, data_type FROM information_schema.columns
                WHERE table_catalog = current_database() AND table_schema = $schema AND table_name = $table ORDER BY ordinal_position
                """,
                row => KeyValuePair.Create(row.GetString(0), Parse(row.GetString(1))),
                cancel,
                ("schema", schema),
                ("table", table)),
            StringComparer.OrdinalIgnoreCase);

    public override async Task<IReadOnlySet<string>> TablesAsync(DbSession session, string schema, CancellationToken cancel)
    {
        var names = await session.ListAsync(
            "SELECT table_name FROM information_schema.tables WHERE table_catalog = current_database() AND table_schema = $schema AND " +
                "table_type = 'BASE TABLE'",
            row => row.GetString(0),
            cancel,
            ("schema", schema));
        return names.ToHashSet(StringComparer.Ordinal);
    }

    public override Task CreateSchemaAsync(DbSession session, string schema, CancellationToken cancel) =>
        session.RunAsync($"CREATE SCHEMA IF NOT EXISTS {Quote(schema)}", cancel);

    // A transaction that writes is the only one from its beginning.
    public override Task LockAsync(DbSession session, string schema, string table, CancellationToken cancel) => Task.CompletedTask;

    public override async Task WidenAsync(DbSession session, string schema, string table, IReadOnlyList<Widening> columns, CancellationToken cancel)
    {
        foreach (var column in columns)
        {
            await session.RunAsync(
                $"ALTER TABLE {Table(schema, table)} ALTER COLUMN {Quote(column.Column)} SET DATA TYPE {Type(column.To, column.IsKey)}", cancel);
        }
    }

    // A view finds its table by name, and takes the new one; an index of the user's would be lost with the old one.
    public override async Task<bool> MustStayAsync(DbSession session, string schema, string table, CancellationToken cancel) =>
        await session.ScalarAsync(
            "SELECT count(*) FROM duckdb_indexes() WHERE database_name = current_database() AND schema_name = $schema AND table_name = $table",
            cancel,
            ("schema", schema),
            ("table", table)
        ) > 0;

    private static ColumnType Parse(string type) => type switch
    {
        "BIGINT" or "INTEGER" or "SMALLINT" => ColumnType.Bigint,
        "DOUBLE" or "FLOAT" => ColumnType.Double,
        "BOOLEAN" => ColumnType.Boolean,
        "TIMESTAMP WITH TIME ZONE" => ColumnType.Timestamp,
        "JSON" => ColumnType.Json,
        _ => ColumnType.Text,
    };
}
