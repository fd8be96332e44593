using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Shape;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Runs;

/// <summary>Takes the segments of a table's extractions, as they are sealed, through the shaper into one destination table.</summary>
internal sealed class TableLoader(TableJob job, IReadOnlyList<SpooledExtraction> extractions, LoadContext context)
{
    private readonly LoadReconciliation _reconciliation = new(job, extractions, context.Request);
    private readonly TableLoadPlan _plan = new(job, extractions, context);

    private readonly TableMasks _masks = new(job, extractions, context);

    private StagedLoad? _load;
    private ObservationLoad? _observation;
    private Shaper? _shaper;
    private Exception? _failure;

    public TableJob Job => job;

    public IReadOnlyList<SpooledExtraction> Extractions => extractions;

    /// <summary>Whether the load could not begin, so that nothing needs to be read for it.</summary>
    public bool HasFailed => _failure is not null;

    /// <summary>
    /// Whether the pages of a stopped run are of no use: segments were removed whose rows the destination does not have (any more), or another run
    /// has loaded the table since they were read.
    /// </summary>
    public bool MustReadAnew(SpooledExtraction one) =>
        _load is not null && (_load.IsOutrun || one.Sink.RemovedPackages.Any(package => !_load.DurablePackages.Contains(package)));

    /// <summary>Opens the table's load; what goes wrong is this table's failure and no other's.</summary>
    public async Task BeginAsync(CancellationToken cancel)
    {
        try
        {
            await DisposeLoadAsync();
            await context.Destination.LockAsync(job.Schema, job.Table, cancel);
            _load = await context.Staging.BeginLoadAsync(_plan.Target(), cancel);
            await FollowAsync(_load, cancel);
            _shaper = new Shaper(_plan.Shape with { Known = _load.KnownColumns, Names = _load.Names });
            await _load.RequireFitAsync(_shaper.Columns, cancel);
        }
        catch (Exception error) when (!SluiceException.IsFatal(error))
        {
            _failure = error;
        }
    }

    // A run that was stopped may have begun when the table was another; an audit reads pages once for two destinations.
    // A table that was put back to an older state is no newer than the pages.
    private async Task FollowAsync(StagedLoad load, CancellationToken cancel)
    {
        var table = $"{context.Destination.Name}/{job.Schema}.{job.Table}";
        foreach (var one in extractions)
        {
            await one.Sink.NoteEpochAsync(table, load.Epoch, cancel);
            load.Epoch = Math.Min(load.Epoch, one.Sink.Epochs[table]);
        }
    }

    public async Task<TableReport> RunAsync(
        IReadOnlyDictionary<SpooledExtraction, SegmentCleanup> keepers, TableProgress progress, CancellationToken cancel)
    {
        progress.Stage = TableStage.Reading;
        try
        {
            var report = _failure is null ? await LoadAsync(keepers, progress, cancel) : Failed(_failure);
            progress.Stage = _failure is null ? TableStage.Done : TableStage.Failed;
            return report;
        }
        catch (Exception error) when (!SluiceException.IsFatal(error))
        {
            progress.Stage = TableStage.Failed;
            return Failed(error);
        }
        finally
        {
            await DisposeLoadAsync();
        }
    }

    /// <summary>Gives up a load that was begun and will not run.</summary>
    public async ValueTask DisposeLoadAsync()
    {
        if (_observation is { } observation)
        {
            _observation = null;
            await observation.DisposeAsync();
        }

        if (_load is { } load)
        {
            _load = null;
            await load.DisposeAsync();
        }
    }

    private async Task<TableReport> LoadAsync(
        IReadOnlyDictionary<SpooledExtraction, SegmentCleanup> keepers, TableProgress progress, CancellationToken cancel)
    {
        var rows = 0L;
        foreach (var one in extractions)
        {
            rows = await StageAsync(one, keepers[one], rows, cancel);
        }

        await ReadParentsAsync(cancel);
        progress.Stage = TableStage.Committing;
        return await context.CommitAsync(() => CommitAsync(cancel), cancel);
    }

    private async Task<long> StageAsync(SpooledExtraction one, SegmentCleanup keeper, long rows, CancellationToken cancel)
    {
        var records = 0L;
        var waiting = new List<Segment>();
        await foreach (var segment in one.Sink.SegmentsAsync(cancel))
        {
            records += segment.Rows;
            long? most = job.Settings.Limit is { } limit ? limit - rows : null;
            if (most is null or > 0)
            {
                rows += await context.StageAsync(() => _load!.WriteAsync(_shaper!.Shape(segment), most, cancel), cancel);
            }

            waiting.Add(segment);
            foreach (var safe in waiting.Where(part => _load!.DurablePackages.Contains(part.PackageId)).ToList())
            {
                waiting.Remove(safe);
                await keeper.DoneWithAsync(safe, cancel);
            }
        }

        _reconciliation.RequireAll(one, records);
        return rows;
    }

    // A destination may refuse values only when it is given them: they are rejected, and the counts are reconciled anew.
    private async Task<TableReport> CommitAsync(CancellationToken cancel)
    {
        if (!_load!.IsCommitted && _reconciliation.IsWholeReading)
        {
            var began = extractions.Max(one => one.Sink.Began);
            _observation = await context.StageAsync(
                () => ObservationLoad.BeginAsync(job, _load, _plan.Target(), began, context, cancel), cancel);
        }

        while (true)
        {
            var staged = await context.StageAsync(() => _load!.PrepareAsync(_shaper!.Columns, cancel), cancel);
            var ledger = _reconciliation.Ledger(staged);
            if (_reconciliation.Veto(staged) is { } veto)
            {
                return Report(ledger) with
                {
                    Outcome = TableOutcome.Partial,
                    Gaps = [.. ledger.Reasons, veto],
                    TableRows = staged.LiveRows,
                };
            }

            if (await PublishAsync(Checkpoint(staged, ledger), cancel) is { } result)
            {
                return Report(ledger, result) with
                {
                    Inserted = InsertedOf(staged, result),
                    Notes = [.. _reconciliation.Notes(ledger), .. _masks.Notes(staged.LiveRows), .. Versions(result)],
                };
            }
        }
    }

    private static IEnumerable<string> Versions(LoadResult result) =>
        result is { VersionsBegun: 0, VersionsEnded: 0 }
            ? []
            : [$"history: {NumberFormat.Count(result.VersionsBegun)} versions of rows began, {NumberFormat.Count(result.VersionsEnded)} ended"];
    // What the table has more than before, and what went meanwhile.
    private long? InsertedOf(StagedRows staged, LoadResult result) =>
        _load!.WasCommitted ? null
        : staged.LiveRows == 0 && result.Returned == 0 ? result.Loaded
        : job.Settings.FullRefresh || job.Strategy is Strategy.Replace or Strategy.DeleteInsert ? null
        : Math.Clamp(result.TableRows - staged.LiveRows + result.Deleted - result.Returned, 0, result.Loaded);

    private Checkpoint Checkpoint(StagedRows staged, LedgerLine ledger) =>
        _plan.Checkpoint(staged, ledger, _reconciliation) with { Masked = _masks.Rows() };

    // A server that takes its time must not keep other tables from being staged; one that DuckDB writes needs its memory.
    private Task<LoadResult?> PublishAsync(Checkpoint checkpoint, CancellationToken cancel) => _load!.IsWrittenByDuckDb
        ? context.StageAsync(() => PublishNowAsync(checkpoint, cancel), cancel)
        : PublishNowAsync(checkpoint, cancel);

    private async Task<LoadResult?> PublishNowAsync(Checkpoint checkpoint, CancellationToken cancel)
    {
        if (_observation is not { } observation)
        {
            return await _load!.CommitAsync(checkpoint, cancel);
        }

        var observed = await observation.PrepareAsync(cancel);
        return (await StagedLoad.CommitTogetherAsync([(_load!, checkpoint), (observation.Load, observed)], cancel))?[0];
    }

    private TableReport Report(LedgerLine ledger) => Costs() with
    {
        Outcome = ledger.Reasons.Count > 0 ? TableOutcome.Partial : TableOutcome.Done,
        Expected = ledger.Expected,
        ExpectedBy = ledger.ExpectedBy,
        LeftOut = ledger.LeftOut,
        Gaps = ledger.Reasons,
        Notes = [.. _reconciliation.Notes(ledger)],
    };

    private TableReport Report(LedgerLine ledger, LoadResult result) => Report(ledger) with
    {
        Rows = result.Loaded,
        Unchanged = result.Unchanged,
        Doubled = result.Doubled,
        Rejected = result.Rejected,
        Deleted = result.Deleted,
        Returned = result.Returned,
        TableRows = result.TableRows,

        // The shaper knows why; the destination tells what the shaper can't know.
        SchemaChanges = [.. _shaper!.Changes.Concat(result.SchemaChanges).DistinctBy(change => change.Column, StringComparer.OrdinalIgnoreCase)],
    };

    private TableReport Failed(Exception cause) => Costs().With(SluiceException.From(cause, job.Source.ToString()));

    // What the table's extractions have cost, whatever becomes of it.
    private TableReport Costs() =>
        TableReport.Of(job) with
        {
            Feed = string.Join(
                '+',
                extractions.Select(one => one.Workspace.Length == 0 ? one.Extraction.Key.ToString() : $"{one.Workspace}/{one.Extraction.Key}")),
            Requests = extractions.Sum(one => one.Counters.Requests),
            Retries = extractions.Sum(one => one.Counters.Retries),
            WaitedSeconds = extractions.Sum(one => one.Counters.Waited.TotalSeconds),
            Pages = extractions.Sum(one => one.Counters.Pages),
            Fetched = extractions.Sum(one => one.Counters.Rows),
            Bytes = extractions.Sum(one => one.Counters.Bytes),
            SpoolBytes = extractions.Sum(one => one.Sink.PeakBytes),
            Seconds = context.Elapsed.TotalSeconds,
            Resumed = extractions.Any(one => one.Sink.WasResumed),
            Since = extractions.Any(one => one.Range.Start is null) ? null : extractions.Min(one => one.Range.Start),
            Until = extractions.Max(one => one.Range.End ?? one.Sink.Began),
            Skipped = [.. extractions.SelectMany(one => one.Sink.Skips.Values.Order(StringComparer.Ordinal).Select(skip => one.Prefix + skip))],
        };

    // A resumed extraction can be complete before the list that leads to it is read again: without it nobody knows what was to be expected.
    private async Task ReadParentsAsync(CancellationToken cancel)
    {
        foreach (var one in extractions)
        {
            for (var parent = one.Parent; parent is not null; parent = parent.Parent)
            {
                await parent.Sink.ReadToEndAsync(cancel);
            }
        }
    }
}
