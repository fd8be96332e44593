using System.Text.Json;
using Sluice.Destinations.Relational;
using Sluice.Destinations.Staging;
using Sluice.DuckDb;
using Sluice.Engine.Load;

namespace Sluice.Destinations.DuckDb;

/// <summary>The account of every load, one row each, written in the transaction that makes the load visible.</summary>
internal static class LedgerTable
{
    public static Task AddAsync(DuckDBConnection connection, LoadTarget target, LedgerLine line, LoadResult result, CancellationToken cancel) => connection.RunAsync(
        $"""
        INSERT INTO {Name(connection, target)} VALUES ($table, $source, $load, $run, $expected, $by, $fetched, $doubled, $out,
          $loaded, $unchanged, $rejected, $skipped, $deleted, $returned, $rows, $reasons::JSON, $at)
        """,
        cancel,
        ("table", target.Table),
        ("source", line.Source),
        ("load", target.LoadId),
        ("run", target.RunId),
        ("expected", line.Expected),
        ("by", line.ExpectedBy),
        ("fetched", line.Fetched),
        ("doubled", result.Doubled),
        ("out", line.LeftOut),
        ("loaded", result.Loaded),
        ("unchanged", result.Unchanged),
        ("rejected", result.Rejected),
        ("skipped", line.Skipped),
        ("deleted", result.Deleted),
        ("returned", result.Returned),
        ("rows", result.TableRows),
        ("reasons", JsonSerializer.Serialize(line.Reasons, LedgerJson.Default.IReadOnlyListString)),
        ("at", target.LoadedAt));

    /// <summary>What a load did that is committed already; null when it is not.</summary>
    public static async Task<LoadResult?> ReadAsync(DuckDBConnection connection, LoadTarget target, CancellationToken cancel)
    {
        var found = await connection.ListAsync(
            $"""
            SELECT loaded, unchanged, doubled, rejected, deleted, returned, table_rows FROM {Name(connection, target)}
            WHERE table_name = $table AND load_id = $load ORDER BY committed_at DESC LIMIT 1
            """,
            row => new LoadResult
            {
                Loaded = row.GetInt64(0),
                Unchanged = row.GetInt64(1),
                Doubled = row.GetInt64(2),
                Rejected = row.GetInt64(3),
                Deleted = row.GetInt64(4),
                Returned = row.GetInt64(5),
                TableRows = row.GetInt64(6),
            },
            cancel,
            ("table", target.Table),
            ("load", target.LoadId));
        return found is [var only] ? only : null;
    }

    private static string Name(DuckDBConnection connection, LoadTarget target) => StageTables.Name(connection.Database, target.Schema, BookKeeping.Ledger);
}
