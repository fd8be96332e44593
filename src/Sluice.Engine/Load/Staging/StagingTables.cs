using DuckDB.NET.Data;
using Sluice.Engine.DuckDb;

namespace Sluice.Engine.Load.Staging;

/// <summary>
/// The tables beside staged rows, and the statements on them: which packages are staged, what did not fit, and which column a field was given.
/// </summary>
public static class StagingTables
{
    /// <summary>The packages of rows that are staged.</summary>
    public const string Loads = "_sluice_loads";
    // The mark of a finished load: its package ids begin with the load's id, and this one comes last.
    private const string CommitMark = "commit";

    internal static string Create(string catalog, string schema) =>
        $"""
            CREATE SCHEMA IF NOT EXISTS {Quote(catalog)}.{Quote(schema)};
            CREATE TABLE IF NOT EXISTS {Name(catalog, schema, Loads)} (
              table_name VARCHAR, package_id VARCHAR, load_id VARCHAR, run_id VARCHAR, staged_rows BIGINT, doubled_rows BIGINT,
              rejected_values BIGINT, loaded_at TIMESTAMPTZ);
            CREATE TABLE IF NOT EXISTS {Name(catalog, schema, SystemTable.Rejects.Name)} ({SystemTable.Rejects.Definition});
            CREATE TABLE IF NOT EXISTS {Name(catalog, schema, SystemTable.Mapping.Name)} ({SystemTable.Mapping.Definition});
            """;

    internal static Task AddPackageAsync(
        DuckDBConnection connection,
        LoadTarget target,
        string package,
        long rows,
        long rejected,
        CancellationToken cancel
    ) => AddAsync(connection, target, package, rows, 0, rejected, cancel);

    internal static async Task MarkCommittedAsync(DuckDBConnection connection, LoadTarget target, LoadResult result, CancellationToken cancel)
    {
        // Packages of older loads are of no use to anyone: a load is known again only until the next one.
        await connection.RunAsync(
            $"DELETE FROM {Name(connection.Database, target.Schema, Loads)} WHERE table_name = $table AND load_id <> $load",
            cancel,
            ("table", target.Table),
            ("load", target.LoadId));
        await AddAsync(connection, target, $"{target.LoadId}/{CommitMark}", result.Loaded, result.Doubled, result.Rejected, cancel);
    }

    internal static Task<IReadOnlyList<Package>> PackagesAsync(DuckDBConnection connection, LoadTarget target, CancellationToken cancel) =>
        connection.ListAsync(
            $"SELECT package_id, staged_rows, rejected_values FROM {Name(connection.Database, target.Schema, Loads)} WHERE table_name = $table " +
                $"AND load_id = $load",
            row => new Package(row.GetString(0), row.GetInt64(1), row.GetInt64(2)),
            cancel,
            ("table", target.Table),
            ("load", target.LoadId));

    /// <summary>
    /// A table's whole name, quoted, with the catalog: customerio.duckdb with a schema customerio would leave two meanings to "customerio"."table".
    /// </summary>
    public static string Name(string catalog, string schema, string table) => $"{Quote(catalog)}.{Quote(schema)}.{Quote(table)}";

    /// <summary>Quotes a name for DuckDB.</summary>
    public static string Quote(string identifier) => DuckDBIdentifier.Quote(identifier);

    private static Task AddAsync(
        DuckDBConnection connection,
        LoadTarget target,
        string package,
        long rows,
        long doubled,
        long rejected,
        CancellationToken cancel
    ) =>
        connection.RunAsync(
            $"INSERT INTO {Name(connection.Database, target.Schema, Loads)} VALUES ($table, $package, $load, $run, $rows, $doubled, $rejected, $at)",
            cancel,
            ("table", target.Table),
            ("package", package),
            ("load", target.LoadId),
            ("run", target.RunId),
            ("rows", rows),
            ("doubled", doubled),
            ("rejected", rejected),
            ("at", target.LoadedAt));

    internal sealed record Package(string Id, long Rows, long Rejected);
}
