using System.Text.Json;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Relational;

/// <summary>The account of every load, one row each, written in the transaction that makes the load visible.</summary>
internal static class LedgerTable
{
    public static Task AddAsync(Session session, LoadTarget target, LedgerLine line, LoadResult result, CancellationToken cancel)
    {
        (string Name, object? Value)[] values =
        [
            ("table_name", target.Table), ("source", line.Source), ("load_id", target.LoadId), ("run_id", target.RunId), ("expected", line.Expected),
            ("expected_by", line.ExpectedBy), ("fetched", line.Fetched), ("doubled", result.Doubled), ("left_out", line.LeftOut), ("loaded", result.Loaded),
            ("unchanged", result.Unchanged), ("rejected", result.Rejected), ("skipped", line.Skipped), ("deleted", result.Deleted), ("returned", result.Returned),
            ("table_rows", result.TableRows), ("reasons", JsonSerializer.Serialize(line.Reasons, LedgerJson.Default.IReadOnlyListString)), ("committed_at", target.LoadedAt),
        ];
        var names = string.Join(", ", values.Select(value => value.Name));
        var places = string.Join(", ", values.Select(value => value.Name == "reasons" ? session.Words.JsonParameter(value.Name) : session.Words.Parameter(value.Name)));
        return session.RunAsync($"INSERT INTO {Name(session, target)} ({names}) VALUES ({places})", cancel, values);
    }

    /// <summary>What a load did that is committed already; null when it is not.</summary>
    public static async Task<LoadResult?> ReadAsync(Session session, LoadTarget target, CancellationToken cancel)
    {
        var found = await session.ListAsync(
            $"SELECT loaded, unchanged, doubled, rejected, deleted, returned, table_rows FROM {Name(session, target)} " +
            $"WHERE table_name = {session.Words.Parameter("table")} AND load_id = {session.Words.Parameter("load")} ORDER BY committed_at DESC LIMIT 1",
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
        return found.Count == 0 ? null : found[0];
    }

    private static string Name(Session session, LoadTarget target) => session.Words.Table(target.Schema, BookTables.Ledger);
}
