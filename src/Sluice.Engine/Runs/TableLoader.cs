using Sluice.Engine.Config;
using Sluice.Engine.Extract;
using Sluice.Engine.Load;
using Sluice.Engine.Shape;
using Sluice.Engine.Spool;
using Sluice.Engine.State;

namespace Sluice.Engine.Runs;

/// <summary>Takes the segments of a table's feeds, as they are sealed, through the shaper into one destination table.</summary>
internal sealed class TableLoader(TableJob job, IReadOnlyList<TableSource> sources, string runId, RunResources run)
{
    private readonly TableAccount _account = new(job, sources, run.Request);
    private readonly ShapeOptions _options = new()
    {
        Resource = job.Resource,
        Table = $"{job.Schema}.{job.Table}",
        PrimaryKey = job.PrimaryKey,
        IncrementalKey = job.IncrementalKey,
        Interval = job.Settings.Interval,
        TypeOverrides = job.TypeOverrides,
        Only = job.Only,
        Without = job.Without,
        Flattening = job.Flattening,
        Renames = job.Renames,
        Contract = job.Settings.Contract,
    };

    private ITableLoad? _load;
    private Shaper? _shaper;
    private Exception? _failure;

    public TableJob Job => job;

    public IReadOnlyList<Feed> Feeds { get; } = [.. sources.Select(source => source.Feed)];

    /// <summary>Whether segments were removed whose rows the destination does not have (any more).</summary>
    public bool LacksRemovedRows(Feed feed) => _load is not null && feed.Spool.RemovedPackages.Any(package => !_load.DurablePackages.Contains(package));

    /// <summary>Opens the table's load; what goes wrong is this table's failure and no other's.</summary>
    public async Task BeginAsync(CancellationToken cancel)
    {
        try
        {
            await DisposeLoadAsync();
            _load = await run.Destination.BeginLoadAsync(Target(), cancel);
            _shaper = new Shaper(_options with { Known = _load.KnownColumns, Names = _load.Names });
        }
        catch (Exception error)
        {
            _failure = error;
        }
    }

    public async Task<TableReport> RunAsync(IReadOnlyDictionary<Feed, SegmentKeeper> keepers, TableProgress progress, CancellationToken cancel)
    {
        progress.Stage = TableStage.Reading;
        try
        {
            var report = _failure is null ? await LoadAsync(keepers, progress, cancel) : Failed(_failure);
            progress.Stage = _failure is null ? TableStage.Done : TableStage.Failed;
            return report;
        }
        catch (Exception error)
        {
            progress.Stage = TableStage.Failed;
            return Failed(error);
        }
        finally
        {
            await DisposeLoadAsync();
        }
    }

    private async ValueTask DisposeLoadAsync()
    {
        if (_load is { } load)
        {
            _load = null;
            await load.DisposeAsync();
        }
    }

    private async Task<TableReport> LoadAsync(IReadOnlyDictionary<Feed, SegmentKeeper> keepers, TableProgress progress, CancellationToken cancel)
    {
        var rows = 0L;
        foreach (var feed in Feeds)
        {
            rows = await StageAsync(feed, keepers[feed], rows, cancel);
        }

        await ParentsAsync(cancel);
        progress.Stage = TableStage.Committing;
        return await OneAtATimeAsync(() => CommitAsync(cancel), cancel);
    }

    private async Task<long> StageAsync(Feed feed, SegmentKeeper keeper, long rows, CancellationToken cancel)
    {
        var records = 0L;
        var waiting = new List<Segment>();
        await foreach (var segment in feed.Spool.SegmentsAsync(cancel))
        {
            records += segment.Rows;
            long? most = job.Settings.Limit is { } limit ? limit - rows : null;
            if (most is null or > 0)
            {
                rows += await OneAtATimeAsync(() => _load!.WriteAsync(_shaper!.Shape(segment), most, cancel), cancel);
            }

            waiting.Add(segment);
            foreach (var safe in waiting.Where(one => _load!.DurablePackages.Contains(one.PackageId)).ToList())
            {
                waiting.Remove(safe);
                await keeper.DoneWithAsync(safe, cancel);
            }
        }

        AssertComplete(feed, records);
        return rows;
    }

    private async Task<TableReport> CommitAsync(CancellationToken cancel)
    {
        var staged = await _load!.PrepareAsync(_shaper!.Columns, cancel);
        var ledger = _account.Ledger(staged);
        if (_account.Objection(staged) is { } objection)
        {
            return Report(ledger) with { Outcome = TableOutcome.Partial, Gaps = [.. ledger.Reasons, objection], TableRows = staged.LiveRows };
        }

        var result = await _load.CommitAsync(Checkpoint(staged, ledger), cancel);
        return Report(ledger) with
        {
            Rows = result.Loaded,
            Unchanged = result.Unchanged,
            Doubled = result.Doubled,
            Rejected = result.Rejected,
            Deleted = result.Deleted,
            Returned = result.Returned,
            TableRows = result.TableRows,

            // The shaper knows why; the destination tells what the shaper can't know.
            SchemaChanges = [.. _shaper.Changes.Concat(result.SchemaChanges).DistinctBy(change => change.Column, StringComparer.OrdinalIgnoreCase)],
        };
    }

    private Checkpoint Checkpoint(StagedRows staged, LedgerLine ledger) => new()
    {
        State = job.Settings.Interval.IsAll && job.Settings.Limit is null ? State() : null,
        IsComplete = _account.IsComplete(staged),
        HasGaps = _account.HasGaps,
        Deletes = job.Settings.Deletes,
        Ledger = ledger,
    };

    private TableState State() => job.IsCombined
        ? WorkspaceMarks.Combine(sources.ToDictionary(source => source.Workspace, source => State(source.Feed), StringComparer.Ordinal))
        : State(Feeds[0]);

    private TableState State(Feed feed) => new()
    {
        Table = job.Table,
        Source = job.Question,
        Until = feed.Spool.Began - LookBack.Margin,
        Parents = ParentsRead.Of(feed),
        RunId = runId,
    };

    // A resumed feed can be complete before the list that leads to it is read again: without it nobody knows what was to be expected.
    private async Task ParentsAsync(CancellationToken cancel)
    {
        foreach (var feed in Feeds)
        {
            for (var parent = feed.Parent; parent is not null; parent = parent.Parent)
            {
                await parent.Spool.ReadToEndAsync(cancel);
            }
        }
    }

    // What was fetched and what is loaded are counted by different hands: a difference must never be committed.
    private void AssertComplete(Feed feed, long records)
    {
        if (records != feed.Spool.Rows)
        {
            throw new SluiceException(
                SluiceErrorKind.Unexpected,
                $"{job.Source}: {feed.Spool.Rows} records were fetched, but {records} reached the loader.",
                "Nothing was committed. This is a fault of Sluice: please report it with --debug output.");
        }
    }

    // Two big statements at once would share the destination's memory limit and gain nothing on its one writer.
    private async Task<T> OneAtATimeAsync<T>(Func<Task<T>> work, CancellationToken cancel)
    {
        await run.Writer.WaitAsync(cancel);
        try
        {
            return await work();
        }
        finally
        {
            run.Writer.Release();
        }
    }

    private LoadTarget Target() => new()
    {
        Schema = job.Schema,
        Table = job.Table,
        Strategy = job.Strategy,
        PrimaryKey = job.PrimaryKey,
        IncrementalKey = job.IncrementalKey,
        Interval = job.Settings.Interval,
        MarksDeleted = job.Resource.ListsAll && job.Settings.Deletes == DeletePolicy.Soft,
        StartsOver = job.Settings.FullRefresh,
        StageRows = run.Request.StageRows,
        StageFolder = FeedSet.StageFolder(run.Request),
        RunId = runId,
        LoadId = string.Join('+', Feeds.Select(feed => feed.Spool.SpoolId)),
        LoadedAt = run.Time.GetUtcNow(),
    };

    private TableReport Report(LedgerLine ledger) => Base() with
    {
        Outcome = ledger.Reasons.Count > 0 ? TableOutcome.Partial : TableOutcome.Done,
        Expected = ledger.Expected,
        ExpectedBy = ledger.ExpectedBy,
        LeftOut = ledger.LeftOut,
        Gaps = ledger.Reasons,
        Notes = [.. _account.Notes(ledger)],
    };

    private TableReport Failed(Exception cause)
    {
        var error = FeedRunner.Explain(cause, job.Source.ToString());
        return Base() with
        {
            Outcome = error.Kind == SluiceErrorKind.Cancelled ? TableOutcome.Cancelled : TableOutcome.Failed,
            Error = error.Message,
            Hint = error.Hint,
            ErrorKind = error.Kind,
        };
    }

    private TableReport Base() => new()
    {
        Source = job.Source.ToString(),
        Table = $"{job.Schema}.{job.Table}",
        Strategy = Planner.StrategyName(job.Strategy),
        Outcome = TableOutcome.Done,
        Feed = string.Join('+', sources.Select(source => source.Workspace.Length == 0 ? source.Feed.Name.ToString() : $"{source.Workspace}/{source.Feed.Name}")),
        Requests = Feeds.Sum(feed => feed.Counters.Requests),
        Retries = Feeds.Sum(feed => feed.Counters.Retries),
        WaitedSeconds = Feeds.Sum(feed => feed.Counters.Waited.TotalSeconds),
        Pages = Feeds.Sum(feed => feed.Counters.Pages),
        Fetched = Feeds.Sum(feed => feed.Counters.Rows),
        Bytes = Feeds.Sum(feed => feed.Counters.Bytes),
        SpoolBytes = Feeds.Sum(feed => feed.Spool.PeakBytes),
        Seconds = run.Elapsed.TotalSeconds,
        Resumed = Feeds.Any(feed => feed.Spool.WasResumed),
        Since = Feeds.Any(feed => feed.Range.Start is null) ? null : Feeds.Min(feed => feed.Range.Start),
        Until = Feeds.Max(feed => feed.Range.End ?? feed.Spool.Began),
        Skipped = [.. sources.SelectMany(source => source.Feed.Spool.Skips.Values.Order(StringComparer.Ordinal).Select(skip => source.Prefix + skip))],
    };
}
