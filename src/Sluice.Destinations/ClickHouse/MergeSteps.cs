using Sluice.Destinations.Merge;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;

namespace Sluice.Destinations.ClickHouse;

/// <summary>What a load is about to do.</summary>
/// <param name="Result">What it will have done.</param>
/// <param name="Step">By what one can tell later that it was done.</param>
/// <param name="Apply">The one step that readers see.</param>
internal sealed record PreparedCommit(LoadResult Result, SwapStep Step, Func<CancellationToken, Task> Apply);

/// <summary>Finds on the server what a load changes in a table that has rows, so that it can be added in one step.</summary>
internal sealed class MergeSteps(LoadAttempt attempt, MergePlan plan, ClickHouseTable live, IReadOnlyList<ClickHouseColumn> staged)
{
    private const string None = "0";

    private readonly LoadTarget _target = attempt.Target;
    private readonly MergeSql _sql = new(attempt.Target, live, staged, attempt.Tables, attempt.Version);

    public async Task<PreparedCommit> PrepareAsync(CancellationToken cancel)
    {
        var rows = await StageAsync(cancel);
        var changed = plan.DropsUnchanged ? await CompareAsync(cancel) : rows;
        MergeAction? action = plan.Acts(changed) ? plan.Action : null;
        var result = new LoadResult
        {
            Loaded = changed,
            Unchanged = rows - changed,
            Returned = plan.Restores ? await CountAsync(_sql.CountReturned, cancel) : 0,
            Deleted = plan.Vanished == DeletePolicy.Ignore ? 0 : await CountAsync(_sql.CountVanished, cancel),
        };
        var removed = Removed(action, result.Deleted > 0 && plan.Vanished == DeletePolicy.Hard);
        await RunAsync(attempt.Database.Ddl.CreateDelta(attempt.Tables.Delta, live), cancel);
        await RunAsync(Marks(result, action == MergeAction.Upsert ? _sql.Updated : removed, removed), cancel);
        await RunAsync(Rows(action), cancel);
        if (removed != None)
        {
            await RunAsync(_sql.Remove(removed, isWrittenAgain: action == MergeAction.ReplaceRange), cancel);
        }

        return await CountAsync($"SELECT count() FROM {attempt.Tables.Delta}", cancel) == 0
            ? new PreparedCommit(result, SwapStep.Nothing, _ => Task.CompletedTask)
            : new PreparedCommit(result, SwapStep.Rows, AttachAsync);
    }

    private async Task<long> StageAsync(CancellationToken cancel)
    {
        ClickHouseColumn[] columns = [.. staged, .. live.Columns.Where(column => ClickHouseTable.IsHidden(column.Name))];
        await RunAsync(ClickHouseDdl.CreateHeap(attempt.Tables.Rows, columns), cancel);
        await UploadAsync(columns, cancel);
        var unknown = 0L;
        if (TakenOver.IsNeeded(_target))
        {
            // The server has told what it has of the keys; now the rows are what they are to be.
            unknown = await new TakenOver(attempt, live, _sql).RunAsync(cancel);
            await RunAsync($"DROP TABLE {attempt.Tables.Rows}", cancel);
            await RunAsync(ClickHouseDdl.CreateHeap(attempt.Tables.Rows, columns), cancel);
            await UploadAsync(columns, cancel);
        }

        return attempt.Staged.Counts.Rows - unknown;
    }

    private Task UploadAsync(ClickHouseColumn[] columns, CancellationToken cancel) =>
        attempt.Upload.RowsAsync(attempt.Tables.Rows, columns, attempt.Version, keepsAll: _target.Strategy == Strategy.Append, cancel);

    private async Task<long> CompareAsync(CancellationToken cancel)
    {
        await RunAsync($"CREATE TABLE {attempt.Tables.Changed} AS {attempt.Tables.Rows}", cancel);
        await RunAsync(_sql.CopyChanged, cancel);
        return await CountAsync($"SELECT count() FROM {attempt.Tables.Changed}", cancel) + await CountAsync(_sql.CountNew, cancel);
    }

    // Which rows of the table go.
    private string Removed(MergeAction? action, bool vanished)
    {
        if (action != MergeAction.ReplaceRange)
        {
            return vanished ? _sql.Vanished : None;
        }

        var by = live.Find(_target.IncrementalKey!)!;
        if (by.Meaning != ColumnType.Timestamp && !_target.Interval.IsAll)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"{_target.Schema}.{_target.Table} can't be cut by time: its column {by.Name} is {by.Type}.",
                "Choose an --incremental-key that is a timestamp.");
        }

        return $"({_sql.InRange(by)} OR {_sql.Rewritten}{(vanished ? $" OR {_sql.Vanished}" : "")})";
    }

    private IEnumerable<string> Marks(LoadResult result, string rewritten, string removed)
    {
        if (result.Returned > 0)
        {
            yield return _sql.Unmark(rewritten);
        }

        if (result.Deleted > 0 && plan.Vanished == DeletePolicy.Soft)
        {
            yield return _sql.MarkVanished(removed);
        }
    }

    private IEnumerable<string> Rows(MergeAction? action) => action switch
    {
        null => [],
        MergeAction.Upsert => [_sql.Update, _sql.InsertNew, _sql.InsertKeyless],
        MergeAction.AppendNew => [_sql.InsertNew, _sql.Insert(attempt.Tables.Changed)],
        _ => [_sql.Insert(attempt.Tables.Rows)],
    };

    // The delta's files become the table's, all at once unless somebody has given the table partitions.
    private async Task AttachAsync(CancellationToken cancel)
    {
        var partitions = await attempt.Server.ListAsync(
            "SELECT DISTINCT partition_id FROM system.parts WHERE database = {database:String} AND table = {table:String} AND active",
            row => row.GetString(0), cancel, ("database", attempt.Database.Schema.Database), ("table", attempt.Tables.DeltaBare));
        cancel.ThrowIfCancellationRequested();
        foreach (var partition in partitions)
        {
            await attempt.Server.RunAsync(
                $"ALTER TABLE {attempt.Tables.Live} ATTACH PARTITION ID {ClickHouseText.Literal(partition)} FROM {attempt.Tables.Delta}",
                CancellationToken.None);
        }
    }

    private Task<long> CountAsync(string sql, CancellationToken cancel) => attempt.Server.CountAsync(sql, cancel);

    private Task RunAsync(string sql, CancellationToken cancel) => attempt.Server.RunAsync(sql, cancel);

    private async Task RunAsync(IEnumerable<string> statements, CancellationToken cancel)
    {
        foreach (var sql in statements)
        {
            await RunAsync(sql, cancel);
        }
    }
}
