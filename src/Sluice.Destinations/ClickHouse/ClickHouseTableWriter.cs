using Sluice.Destinations.Merge;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.ClickHouse;

/// <summary>
/// Brings staged rows into a ClickHouse table. There are no transactions: what is to become true is noted first, then the rows become visible in one
/// step, and then the system tables are written, by this run or, if it is stopped between the two, by whoever looks next.
/// </summary>
internal sealed class ClickHouseTableWriter(ClickHouseDatabase database, LoadTarget target, TimeProvider time) : ITargetWriter
{
    private readonly SystemTableReader _known = new(database);
    private readonly SystemTableWriter _system = new(database);
    private readonly CommitLog _log = new(database);

    private string Table => $"{target.Schema}.{target.Table}";

    // email.null would be whether email is NULL, email.size its length.
    public NameRules Names => NameRules.Default with { TakenEndings = [".null", ".size"] };

    public string? UnsupportedWhen(string column, ColumnType type) =>
        type is ColumnType.UnixTime or ColumnType.Timestamp ? $"{column} < '1900-01-01 00:00:00+00' OR {column} >= '2300-01-01 00:00:00+00'" : null;

    public Task<LiveTable> DescribeAsync(CancellationToken cancel) => GuardAsync("Reading", async () =>
    {
        await _log.FinishAsync(cancel);
        var mapping = ColumnMapping.OfFields(await _known.MappingAsync(target.Table, cancel));
        var committed = await _known.CommittedAsync(target, cancel);
        var epoch = await _known.EpochAsync(target.Table, cancel);
        if (await database.ReadAsync(target.Table, cancel) is not { } live)
        {
            return LiveTable.None with { Mapping = mapping, Committed = committed, Epoch = epoch };
        }

        var columns = live
            .Columns.Where(column => !ClickHouseTable.IsHidden(column.Name))
            .Select(column => KeyValuePair.Create(column.Name, MeaningOf(column, mapping)));
        return new LiveTable
        {
            Columns = new OrderedDictionary<string, ColumnType>(columns, StringComparer.OrdinalIgnoreCase),
            Mapping = mapping,
            LongIntegers = await ClickHouseSchemaEvolution.LongIntegersAsync(
                database.Server,
                live,
                mapping.Select(column => column.Column),
                cancel),
            Committed = committed,
            Epoch = epoch,
        };
    });

    public Task RequireFitAsync(IReadOnlyList<TableColumn> columns, CancellationToken cancel) => GuardAsync("Reading", async () =>
    {
        if (target.KeepsVersions)
        {
            await RowHistory.RequireFitAsync(database, target, columns.Select(column => column.Name), cancel);
        }

        if (await database.ReadAsync(target.Table, cancel) is { } live)
        {
            live.RequireTable();
            if (target.Strategy != Strategy.Replace)
            {
                live.RequireOurs();
            }
        }

        return true;
    });

    public Task<long> CountAsync(CancellationToken cancel) => GuardAsync(
        "Reading", async () => await database.ReadAsync(target.Table, cancel) is { } live ? await live.CountAsync(database.Server, cancel) : 0);

    public Task<LoadResult?> WriteAsync(StagedTable staged, Checkpoint checkpoint, CancellationToken cancel) =>
        GuardAsync<LoadResult?>(
            "Writing",
            async () =>
            {
                var tables = new ScratchTables(database, target.Table);
                await using var writer = await WriterLock.TakeAsync(database, tables, target.LoadId, time, cancel);

                // First of all: a stopped run, or one that has lost the lock, can make nothing visible any more without these tables.
                await tables.DropAsync(cancel);
                try
                {
                    await _log.FinishAsync(cancel);
                    return await _known.CommittedAsync(target, cancel) ?? await CommitAsync(tables, staged, checkpoint, writer, cancel);
                }
                finally
                {
                    await tables.DropAsync(CancellationToken.None);
                }
            });

    // The connections are the destination's.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static ColumnType MeaningOf(ClickHouseColumn column, IReadOnlyList<MappedColumn> mapping) =>
        column.Meaning == ColumnType.Text
        && mapping.Any(one => one.Type == "JSON" && one.Column.Equals(column.Name, StringComparison.OrdinalIgnoreCase))
            ? ColumnType.Json
            : column.Meaning;

    private async Task<LoadResult> CommitAsync(
        ScratchTables tables, StagedTable staged, Checkpoint checkpoint, WriterLock writer, CancellationToken cancel)
    {
        staged.RequireEpoch(await _known.EpochAsync(target.Table, cancel));
        var live = await database.ReadAsync(target.Table, cancel);
        if (target.OnlyKnown && live is null)
        {
            return new LoadResult();
        }

        var before = live is { IsOurs: true } ? await live.VersionAsync(database.Server, cancel) : 0;
        var version = Math.Max(before, await _known.LastVersionAsync(target.Table, cancel)) + 1;
        var marker = await ReserveAsync(version, writer.Owner, checkpoint, cancel);
        var attempt = new LoadAttempt(database, target, tables, staged, version);
        var (prepared, changes) = await PrepareAsync(attempt, live, checkpoint, cancel);
        marker = marker with
        {
            Step = prepared.Step,
            Result = prepared.Result with { Doubled = staged.Counts.Doubled, Rejected = staged.Counts.Rejected, SchemaChanges = changes },
            Mapping = ColumnMapping.Merge(
                await _known.MappingAsync(target.Table, cancel), await staged.ReadMappingAsync(cancel), checkpoint),
        };
        if (marker.Result.Rejected > 0)
        {
            await attempt.Upload.RejectsAsync(database.Schema.Name(SystemTable.Rejects.Name), SystemTables.RejectColumns, cancel);
        }

        await _system.MarkerAsync(marker, cancel);
        await RequireOwnerAsync(writer, cancel);
        await prepared.Apply(cancel);

        // From here on the rows are there, and nothing stops it any more.
        return await _log.RecordAsync(marker, CancellationToken.None);
    }

    // Taken before any work: whoever takes the table over has a higher number, and no marker of this writer is looked at any more.
    private async Task<CommitMarker> ReserveAsync(long version, string owner, Checkpoint checkpoint, CancellationToken cancel)
    {
        var marker = new CommitMarker
        {
            Table = target.Table,
            LoadId = target.LoadId,
            RunId = target.RunId,
            LoadedAt = target.LoadedAt,
            Owner = owner,
            Version = version,
            Step = SwapStep.Reserved,
            Result = new LoadResult(),
            Ledger = checkpoint.Ledger,
            State = checkpoint.State,
            Mapping = [],
            HistoryKey = target.KeepsVersions ? target.PrimaryKey : null,
        };
        await _system.MarkerAsync(marker, cancel);
        return marker;
    }

    private async Task RequireOwnerAsync(WriterLock writer, CancellationToken cancel)
    {
        if (!await writer.IsHeldAsync(cancel) || await _known.OwnerAsync(target.Table, cancel) != writer.Owner)
        {
            throw new SluiceException(
                SluiceErrorKind.Destination,
                $"Another run has taken over {Table}, for this one gave no sign of life.",
                "What was fetched is kept: run the same command again.")
            {
                IsTransient = true,
            };
        }
    }

    private async Task<(PreparedCommit Prepared, IReadOnlyList<SchemaChange> Changes)> PrepareAsync(
        LoadAttempt attempt, ClickHouseTable? live, Checkpoint checkpoint, CancellationToken cancel)
    {
        var plan = Plan(live);
        if (live is null || plan.Replaces)
        {
            return (await new ReplaceSteps(attempt, plan, live).PrepareAsync(cancel), []);
        }

        var evolution = new ClickHouseSchemaEvolution(attempt, ColumnMapping.OfFields(await _known.MappingAsync(target.Table, cancel)));
        var (fitted, staged, changes) = await evolution.FitAsync(live, cancel);
        return (await new MergeSteps(attempt, Plan(fitted), fitted, staged).PrepareAsync(cancel), changes);

        MergePlan Plan(ClickHouseTable? table) => new(target, checkpoint, table?.Columns.Select(column => column.Name) ?? []);
    }

    private Task<T> GuardAsync<T>(string doing, Func<Task<T>> work) => ClickHouseErrors.GuardAsync(database.Server.Address, $"{doing} {Table}", work);
}
