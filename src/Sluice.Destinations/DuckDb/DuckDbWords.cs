using Sluice.Destinations.Relational;
using Sluice.Destinations.Staging;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.DuckDb;

/// <summary>DuckDB's words. Names are written with the catalog, which is called after the file.</summary>
internal sealed class DuckDbWords(string catalog) : SqlWords
{
    public override string Table(string schema, string table) => StageTables.Name(catalog, schema, table);

    public override string Parameter(string name) => $"${name}";

    public override string JsonParameter(string name) => $"${name}::JSON";

    public override string BookType(ColumnType type) => SqlType.Of(type);

    public override async Task<IReadOnlySet<string>> TablesAsync(Session session, string schema, CancellationToken cancel)
    {
        var names = await session.ListAsync(
            "SELECT table_name FROM duckdb_tables() WHERE schema_name = $schema AND database_name = current_database()", row => row.GetString(0), cancel, ("schema", schema));
        return names.ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    public override Task CreateSchemaAsync(Session session, string schema, CancellationToken cancel) =>
        session.RunAsync($"CREATE SCHEMA IF NOT EXISTS {DuckDBIdentifier.Quote(catalog)}.{DuckDBIdentifier.Quote(schema)}", cancel);
}
