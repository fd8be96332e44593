using Sluice.Destinations.Staging;

namespace Sluice.Destinations.DuckDb;

/// <summary>The tables that Sluice keeps beside the data of a DuckDB file, besides those that it stages rows with.</summary>
internal static class BookKeeping
{
    public const string Runs = "_sluice_runs";
    public const string State = "_sluice_state";
    public const string Ledger = "_sluice_ledger";

    public static string Create(string catalog, string schema) => $"""
        {StageTables.Create(catalog, schema)}
        CREATE TABLE IF NOT EXISTS {StageTables.Name(catalog, schema, Runs)} (
          run_id VARCHAR, started_at TIMESTAMPTZ, ended_at TIMESTAMPTZ, exit_code INTEGER, requests BIGINT, report JSON);
        CREATE TABLE IF NOT EXISTS {StageTables.Name(catalog, schema, State)} (
          table_name VARCHAR, source VARCHAR, read_until TIMESTAMPTZ, parents JSON, run_id VARCHAR, updated_at TIMESTAMPTZ);
        CREATE TABLE IF NOT EXISTS {StageTables.Name(catalog, schema, Ledger)} (
          table_name VARCHAR, source VARCHAR, load_id VARCHAR, run_id VARCHAR, expected BIGINT, expected_by VARCHAR, fetched BIGINT, doubled BIGINT, left_out BIGINT,
          loaded BIGINT, unchanged BIGINT, rejected BIGINT, skipped BIGINT, deleted BIGINT, returned BIGINT, table_rows BIGINT, reasons JSON, committed_at TIMESTAMPTZ);
        """;
}
