using DuckDB.NET.Data;
using Sluice.Destinations.Staging;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Config;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Load;

namespace Sluice.Destinations.DuckDb;

/// <summary>Brings the staged rows into the table that readers see, inside the transaction that is open on the connection.</summary>
internal sealed class Publication(DuckDBConnection connection, LoadTarget target, LoadSql sql)
{
    /// <summary>The staged rows become the table.</summary>
    public async Task<LoadResult> ReplaceAsync(IReadOnlyDictionary<string, string> live, IReadOnlyDictionary<string, string> aside, Checkpoint checkpoint, CancellationToken cancel)
    {
        var result = await GatherAsync(live, aside, checkpoint, cancel);
        await connection.RunAsync(sql.Swap, cancel);
        return result with { TableRows = await CountAsync(target.MarksDeleted, cancel) };
    }

    /// <summary>Whether the rows of the old table matter to the one that takes its place.</summary>
    public bool KeepsOld(IReadOnlyDictionary<string, string> live) => live.Count > 0 && target.PrimaryKey.Count > 0 && !target.StartsOver && HasKey(live);

    /// <summary>Makes the staged rows all that the new table has. Rows that Customer.io no longer has go with the old one, or stay with their mark.</summary>
    public async Task<LoadResult> GatherAsync(IReadOnlyDictionary<string, string> live, IReadOnlyDictionary<string, string> aside, Checkpoint checkpoint, CancellationToken cancel)
    {
        var loaded = await connection.ScalarAsync($"SELECT count(*) FROM {sql.Aside}", cancel);
        var result = new LoadResult { Loaded = loaded };
        if (KeepsOld(live))
        {
            var marked = live.ContainsKey(StageSql.DeletedAt);
            result = result with
            {
                Returned = marked ? await connection.ScalarAsync(sql.CountReturned, cancel) : 0,
                Deleted = checkpoint.IsComplete ? await connection.ScalarAsync(sql.CountVanished(marked), cancel) : 0,
            };
            if (checkpoint.HasGaps || (checkpoint.IsComplete && target.MarksDeleted))
            {
                await CarryOverAsync(live, aside, checkpoint.IsComplete, cancel);
            }
        }

        return result;
    }

    /// <summary>The staged rows are brought into a table that has rows; those that it has word for word are not written again.</summary>
    public async Task<LoadResult> ChangeAsync(IReadOnlyDictionary<string, string> live, IReadOnlyDictionary<string, string> aside, Checkpoint checkpoint, CancellationToken cancel)
    {
        var hasKey = target.PrimaryKey.Count > 0;
        var marked = live.ContainsKey(StageSql.DeletedAt) || aside.ContainsKey(StageSql.DeletedAt);
        var result = new LoadResult
        {
            Returned = marked && hasKey ? await connection.RunAsync(sql.Unmark, cancel) : 0,
            Deleted = checkpoint.IsComplete && hasKey ? await DeleteVanishedAsync(checkpoint.Deletes, marked, cancel) : 0,
            Unchanged = target.Strategy == Strategy.DeleteInsert || !hasKey ? 0 : await connection.RunAsync(sql.DropUnchanged(aside.Keys), cancel),
        };
        var loaded = await connection.ScalarAsync($"SELECT count(*) FROM {sql.Aside}", cancel);
        if (loaded > 0 || target.Strategy == Strategy.DeleteInsert)
        {
            await ApplyAsync([.. aside.Keys], cancel);
        }

        await connection.RunAsync(sql.DropAside, cancel);
        return result with { Loaded = loaded, TableRows = await CountAsync(marked, cancel) };
    }

    public Task<long> CountAsync(bool marked, CancellationToken cancel) =>
        connection.ScalarAsync($"SELECT count(*) FROM {sql.Live}{(marked ? $" WHERE {StageSql.DeletedAt} IS NULL" : "")}", cancel);

    private bool HasKey(IReadOnlyDictionary<string, string> live) => target.PrimaryKey.All(live.ContainsKey);

    // Columns that only deleted rows had are kept with them.
    private async Task CarryOverAsync(
        IReadOnlyDictionary<string, string> live, IReadOnlyDictionary<string, string> aside, bool marks, CancellationToken cancel)
    {
        foreach (var (column, type) in live.Where(column => !aside.ContainsKey(column.Key)))
        {
            await connection.RunAsync(sql.AddToAside(column, type), cancel);
        }

        if (marks)
        {
            await connection.RunAsync(sql.CarryOverMarked(live.Keys), cancel, ("at", target.LoadedAt));
        }
        else
        {
            await connection.RunAsync(sql.CarryOver(live.Keys), cancel);
        }
    }

    private async Task<long> DeleteVanishedAsync(DeletePolicy policy, bool marked, CancellationToken cancel) => policy switch
    {
        DeletePolicy.Soft => await connection.RunAsync(sql.MarkVanished, cancel, ("at", target.LoadedAt)),
        DeletePolicy.Hard => await connection.RunAsync(sql.DeleteVanished, cancel),
        _ => 0,
    };

    private async Task ApplyAsync(IReadOnlyList<string> columns, CancellationToken cancel)
    {
        switch (target.Strategy)
        {
            case Strategy.Merge when target.PrimaryKey.Count > 0:
                await connection.RunAsync(sql.Merge(columns), cancel);
                break;
            case Strategy.DeleteInsert when target.IncrementalKey is not null:
                await connection.RunAsync(sql.DeleteRange(), cancel, Range());
                await connection.RunAsync(sql.Append(columns), cancel);
                break;
            case Strategy.Append:
                await connection.RunAsync(sql.Append(columns), cancel);
                break;
            default:
                throw new SluiceException(
                    SluiceErrorKind.Config,
                    $"{target.Strategy} into {target.Schema}.{target.Table} needs a key to know rows by.",
                    "Give --primary-key (merge) or --incremental-key (delete+insert), or choose --incremental-strategy replace.");
        }
    }

    private (string Name, object? Value)[] Range() =>
        [.. new (string, object?)[] { ("from", target.Interval.Start), ("to", target.Interval.End) }.Where(bound => bound.Item2 is not null)];
}
