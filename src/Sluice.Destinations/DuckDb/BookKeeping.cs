using Sluice.DuckDb;
using Sluice.Engine.Load;

namespace Sluice.Destinations.DuckDb;

/// <summary>The tables that Sluice keeps beside the data, and the statements on them.</summary>
internal static class BookKeeping
{
    public const string Loads = "_sluice_loads";
    public const string Rejects = "_sluice_rejects";
    public const string Runs = "_sluice_runs";
    public const string State = "_sluice_state";
    public const string Ledger = "_sluice_ledger";
    public const string Columns = "_sluice_columns";

    // The mark of a finished load: its package ids begin with the load's id, and this one comes last.
    private const string CommitMark = "commit";

    public static string Create(string catalog, string schema) => $"""
        CREATE SCHEMA IF NOT EXISTS {Quote(catalog)}.{Quote(schema)};
        CREATE TABLE IF NOT EXISTS {Name(catalog, schema, Loads)} (
          table_name VARCHAR, package_id VARCHAR, load_id VARCHAR, run_id VARCHAR, staged_rows BIGINT, doubled_rows BIGINT, rejected_values BIGINT, loaded_at TIMESTAMPTZ);
        CREATE TABLE IF NOT EXISTS {Name(catalog, schema, Rejects)} (
          table_name VARCHAR, record_key JSON, column_name VARCHAR, raw_value VARCHAR, load_id VARCHAR, run_id VARCHAR, rejected_at TIMESTAMPTZ);
        CREATE TABLE IF NOT EXISTS {Name(catalog, schema, Runs)} (
          run_id VARCHAR, started_at TIMESTAMPTZ, ended_at TIMESTAMPTZ, exit_code INTEGER, requests BIGINT, report JSON);
        CREATE TABLE IF NOT EXISTS {Name(catalog, schema, State)} (
          table_name VARCHAR, source VARCHAR, read_until TIMESTAMPTZ, parents JSON, run_id VARCHAR, updated_at TIMESTAMPTZ);
        CREATE TABLE IF NOT EXISTS {Name(catalog, schema, Ledger)} (
          table_name VARCHAR, source VARCHAR, load_id VARCHAR, run_id VARCHAR, expected BIGINT, expected_by VARCHAR, fetched BIGINT, doubled BIGINT, left_out BIGINT,
          loaded BIGINT, unchanged BIGINT, rejected BIGINT, skipped BIGINT, deleted BIGINT, returned BIGINT, table_rows BIGINT, reasons JSON, committed_at TIMESTAMPTZ);
        CREATE TABLE IF NOT EXISTS {Name(catalog, schema, Columns)} (
          table_name VARCHAR, field VARCHAR, column_name VARCHAR, column_type VARCHAR, run_id VARCHAR, added_at TIMESTAMPTZ);
        """;

    public static Task AddPackageAsync(DuckDBConnection connection, LoadTarget target, string package, long rows, long rejected, CancellationToken cancel) =>
        AddAsync(connection, target, package, rows, 0, rejected, cancel);

    public static async Task MarkCommittedAsync(DuckDBConnection connection, LoadTarget target, LoadResult result, CancellationToken cancel)
    {
        // Packages of older loads are of no use to anyone: a load is known again only until the next one.
        await connection.RunAsync(
            $"DELETE FROM {Name(connection.Database, target.Schema, Loads)} WHERE table_name = $table AND load_id <> $load", cancel, ("table", target.Table), ("load", target.LoadId));
        await AddAsync(connection, target, CommitPackage(target), result.Loaded, result.Doubled, result.Rejected, cancel);
    }

    public static string CommitPackage(LoadTarget target) => $"{target.LoadId}/{CommitMark}";

    public static Task<IReadOnlyList<Package>> PackagesAsync(DuckDBConnection connection, LoadTarget target, CancellationToken cancel) => connection.ListAsync(
        $"SELECT package_id, load_id, staged_rows, doubled_rows, rejected_values FROM {Name(connection.Database, target.Schema, Loads)} WHERE table_name = $table",
        row => new Package(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)),
        cancel,
        ("table", target.Table));

    // With the catalog, which is called after the file: customerio.duckdb with a schema customerio would leave two meanings to "customerio"."table".
    public static string Name(string catalog, string schema, string table) => $"{Quote(catalog)}.{Quote(schema)}.{Quote(table)}";

    public static string Quote(string identifier) => DuckDBIdentifier.Quote(identifier);

    private static Task AddAsync(
        DuckDBConnection connection, LoadTarget target, string package, long rows, long doubled, long rejected, CancellationToken cancel) => connection.RunAsync(
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

    internal sealed record Package(string Id, string LoadId, long Rows, long Doubled, long Rejected);
}
