using Sluice.Engine.Config;
using Sluice.Engine.Extract;
using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Engine.Runs;

/// <summary>Takes a feed's segments, as they are sealed, through the shaper into one destination table.</summary>
internal sealed class TableLoader(TableJob job, Feed feed, LoadTarget target, RunResources run)
{
    private readonly Shaper _shaper = new(new ShapeOptions
    {
        Resource = job.Resource,
        Table = $"{job.Schema}.{job.Table}",
        PrimaryKey = job.PrimaryKey,
        IncrementalKey = job.IncrementalKey,
        Interval = run.Request.Interval,
        TypeOverrides = job.TypeOverrides,
        Only = job.Only,
        Without = job.Without,
    });

    public async Task<TableReport> RunAsync(TableProgress progress, CancellationToken cancel)
    {
        progress.Stage = TableStage.Reading;
        try
        {
            var result = await LoadAsync(progress, cancel);
            progress.Stage = TableStage.Done;
            return Report(result);
        }
        catch (Exception error)
        {
            progress.Stage = TableStage.Failed;
            return Report(FeedRunner.Explain(error, job.Source.ToString()));
        }
    }

    private async Task<LoadResult> LoadAsync(TableProgress progress, CancellationToken cancel)
    {
        await using var load = await OneAtATimeAsync(() => run.Destination.BeginLoadAsync(target, cancel), cancel);
        var (rows, records) = (0L, 0L);
        await foreach (var segment in feed.Spool.SegmentsAsync(cancel))
        {
            records += segment.Rows;
            long? most = run.Request.Limit is { } limit ? limit - rows : null;
            if (most is null or > 0)
            {
                rows += await OneAtATimeAsync(() => load.WriteAsync(_shaper.Shape(segment), most, cancel), cancel);
            }
        }

        AssertComplete(records);
        progress.Stage = TableStage.Committing;
        return await OneAtATimeAsync(() => load.CommitAsync(_shaper.Columns, cancel), cancel);
    }

    // What was fetched and what is loaded are counted by different hands: a difference must never be committed.
    private void AssertComplete(long records)
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

    private TableReport Report(LoadResult result)
    {
        var missing = Missing();
        return Base() with
        {
            Outcome = feed.Spool.Skips.Count > 0 || result.Rejected > 0 || missing is not null ? TableOutcome.Partial : TableOutcome.Done,
            Rows = result.Loaded,
            Doubled = result.Doubled,
            Rejected = result.Rejected,
            TableRows = result.TableRows,
            SchemaChanges = [.. _shaper.Changes, .. result.SchemaChanges],
            Notes = [.. new[] { missing, LeftOut(result), Mended() }.OfType<string>()],
        };
    }

    private TableReport Report(SluiceException error) => Base() with
    {
        Outcome = error.Kind == SluiceErrorKind.Cancelled ? TableOutcome.Cancelled : TableOutcome.Failed,
        Error = error.Message,
        Hint = error.Hint,
        ErrorKind = error.Kind,
    };

    // The attributes endpoint leaves unknown people out without a word: the search says how many there must be.
    private string? Missing()
    {
        if (feed.Resource.Reading != Catalog.ReadingKind.Hydrate || run.Request.Limit is not null || feed.Parent is not { } people)
        {
            return null;
        }

        var missing = people.Spool.Rows - feed.Spool.Rows;
        return missing <= 0 ? null : string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{missing} of {people.Spool.Rows} people found by the search were left out by {feed.Resource.Method} {feed.Resource.Path}");
    }

    // A table that shares another's pages takes only the records that are its own.
    private string? LeftOut(LoadResult result)
    {
        var left = feed.Spool.Rows - result.Loaded - result.Doubled;
        return job.Resource.RowFilter is not { } filter || run.Request.Limit is not null || left <= 0 ? null : string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"{left} records of {feed.Name} are not of this table: {filter} does not hold");
    }

    private string? Mended() => feed.Spool.Mended == 0 ? null : string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{feed.Spool.Mended} half characters (lone surrogates, which are no text) are kept as U+FFFD");

    private TableReport Base() => new()
    {
        Source = job.Source.ToString(),
        Table = $"{job.Schema}.{job.Table}",
        Strategy = Planner.StrategyName(target.Strategy),
        Outcome = TableOutcome.Done,
        Feed = feed.Name.ToString(),
        Requests = feed.Counters.Requests,
        Retries = feed.Counters.Retries,
        WaitedSeconds = feed.Counters.Waited.TotalSeconds,
        Pages = feed.Counters.Pages,
        Fetched = feed.Counters.Rows,
        Bytes = feed.Counters.Bytes,
        Seconds = run.Elapsed.TotalSeconds,
        Resumed = feed.Spool.WasResumed,
        Skipped = [.. feed.Spool.Skips.Values.Order(StringComparer.Ordinal)],
    };
}
