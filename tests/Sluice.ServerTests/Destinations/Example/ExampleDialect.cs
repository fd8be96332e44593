using Sluice.Destinations.Relational;
using Sluice.Engine.Catalog;

namespace Sluice.ServerTests.Destinations.Example;

/// <summary>Example's words.</summary>
internal sealed class ExampleDialect : SqlDialect
{
    public override bool RenamesIndexes => true;

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

    public override string BookType(ColumnType type) => Type(type);

    public override async Task<OrderedDictionary<string, ColumnType>> ColumnsAsync(Session session, string schema, string table, CancellationToken cancel) => new(
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

    public override async Task<IReadOnlySet<string>> TablesAsync(Session session, string schema, CancellationToken cancel)
    {
        var names = await session.ListAsync(
            "SELECT table_name FROM information_schema.tables WHERE table_catalog = current_database() AND table_schema = $schema AND table_type = 'BASE TABLE'",
            row => row.GetString(0),
            cancel,
            ("schema", schema));
        return names.ToHashSet(StringComparer.Ordinal);
    }

    public override Task CreateSchemaAsync(Session session, string schema, CancellationToken cancel) =>
        session.RunAsync($"CREATE SCHEMA IF NOT EXISTS {Quote(schema)}", cancel);

    // A transaction that writes is the only one from its beginning.
    public override Task LockAsync(Session session, string schema, string table, CancellationToken cancel) => Task.CompletedTask;

    public override async Task WidenAsync(Session session, string schema, string table, IReadOnlyList<Widening> columns, CancellationToken cancel)
    {
        foreach (var column in columns)
        {
            await session.RunAsync($"ALTER TABLE {Table(schema, table)} ALTER COLUMN {Quote(column.Column)} SET DATA TYPE {Type(column.To, column.IsKey)}", cancel);
        }
    }

    // A view finds its table by name, and takes the new one; an index of the user's would be lost with the old one.
    public override async Task<bool> MustStayAsync(Session session, string schema, string table, CancellationToken cancel) => await session.ScalarAsync(
        "SELECT count(*) FROM duckdb_indexes() WHERE database_name = current_database() AND schema_name = $schema AND table_name = $table",
        cancel,
        ("schema", schema),
        ("table", table)) > 0;

    public override async Task SwapAsync(Session session, string schema, string made, string table, bool exists, CancellationToken cancel)
    {
        await session.RunAsync($"DROP TABLE IF EXISTS {Table(schema, table)}", cancel);
        await session.RunAsync($"ALTER TABLE {Table(schema, made)} RENAME TO {Quote(table)}", cancel);
    }

    public override string Temporary(string name) => $"temp.{Quote(name)}";

    public override string CreateTemporary(string name, string columns) => $"CREATE TEMPORARY TABLE {Quote(name)} ({columns})";

    // Example joins by hashes, which it makes as it goes.
    public override Task<IReadOnlyList<string>> IndexColumnsAsync(Session session, string schema, string index, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    public override Task<IndexOutcome> CreateIndexAsync(Session session, KeyIndex index, CancellationToken cancel) => Task.FromResult(IndexOutcome.NotNeeded);

    public override string Ascending(string column, ColumnType type) => $"{column} ASC NULLS FIRST";

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
