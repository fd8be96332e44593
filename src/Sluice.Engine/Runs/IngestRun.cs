using System.Globalization;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;
using Sluice.Engine.Config;
using Sluice.Engine.Extract;
using Sluice.Engine.Load;

namespace Sluice.Engine.Runs;

/// <summary>One ingest from the first request to the last commit: the only place that sees all the steps of a row's way.</summary>
public sealed class IngestRun(IngestRequest request, CustomerIoClient client, IDestination destination, TimeProvider time)
{
    /// <summary>Where the run is.</summary>
    public RunProgress Progress { get; } = new();

    /// <summary>The run's id: sorts by time, and is written into every row.</summary>
    public string RunId { get; } = string.Create(
        CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}-{Guid.NewGuid().ToString("N")[..6]}");

    /// <summary>Reads and loads all tables; failures of single tables are in the report, failures of the whole are thrown.</summary>
    /// <exception cref="SluiceException">The key is refused, the destination can't be opened, or the work folder can't be written.</exception>
    public async Task<RunReport> RunAsync(CancellationToken cancel)
    {
        var started = time.GetUtcNow();
        Progress.BudgetReader = () => client.Budget.Usage;
        var clock = await ReadClockAsync(cancel);
        request = PeopleRoute.Choose(request, clock);
        using var run = new RunResources(request, destination, clock, time);
        var reports = await ReadTablesAsync(run, cancel);
        return await RecordAsync(Report(reports, started));
    }

    private async Task<RunClock> ReadClockAsync(CancellationToken cancel)
    {
        try
        {
            return await RunClock.ReadAsync(client, time, cancel);
        }
        catch (CustomerIoException error)
        {
            throw SluiceException.From(error);
        }
    }

    private async Task<IReadOnlyList<TableReport>> ReadTablesAsync(RunResources run, CancellationToken cancel)
    {
        var states = await KnownStates.ReadAsync(request, destination, cancel);
        var feeds = FeedSet.Open(request, run.Clock.Now, states);
        IReadOnlyList<TableReport> reports;
        await using (feeds)
        {
            var loaders = await BeginAsync(feeds, run, cancel);
            var context = new ExtractContext(client, request.Parallelism) { Time = time };
            var keepers = feeds.All.ToDictionary(feed => feed, feed => KeeperOf(feed, feeds, loaders));
            var loading = loaders.Select(loader => loader.RunAsync(keepers[loader.Feed], ProgressOf(loader, run.Clock), cancel)).ToList();
            await Task.WhenAll(feeds.All.Select(feed => FeedRunner.RunAsync(feed, context, cancel)));
            reports = await Task.WhenAll(loading);
        }

        PutAway(feeds, reports);
        return reports;
    }

    private async Task<List<TableLoader>> BeginAsync(FeedSet feeds, RunResources run, CancellationToken cancel)
    {
        var loaders = request.Tables.Select(job => new TableLoader(job, feeds.Of(job), RunId, run)).ToList();
        foreach (var loader in loaders)
        {
            await loader.BeginAsync(cancel);
        }

        // The destination was put back to an older state, or is another file now: what it had of these feeds must be fetched again.
        foreach (var feed in loaders.Where(loader => loader.LacksRemovedRows).Select(loader => loader.Feed).Distinct().ToList())
        {
            await feeds.RestartAsync(feed);
            foreach (var loader in loaders.Where(loader => loader.Feed == feed))
            {
                await loader.BeginAsync(cancel);
            }
        }

        return loaders;
    }

    // A list that leads to others is read by them page by page, also when a killed run goes on: it stays whole.
    private SegmentKeeper KeeperOf(Feed feed, FeedSet feeds, List<TableLoader> loaders) =>
        new(feed, loaders.Count(loader => loader.Feed == feed), request.KeepSpool || request.LeaveSpool || feeds.LeadsToOthers(feed));

    // One workspace in the account is the key's own, and its count tells how long people will take.
    private TableProgress ProgressOf(TableLoader loader, RunClock clock)
    {
        var progress = Progress.Add(loader.Job, loader.Feed.Counters);
        progress.Expected = loader.Job.Resource.Reading is ReadingKind.People or ReadingKind.Hydrate && clock.Workspaces is [var own] ? own.People : null;
        return progress;
    }

    // What is committed must not be found by the next run, which would take it for its own.
    private void PutAway(FeedSet feeds, IReadOnlyList<TableReport> reports)
    {
        foreach (var feed in request.LeaveSpool ? [] : feeds.Finished(reports))
        {
            if (request.KeepSpool)
            {
                feed.Spool.MoveTo(Path.Combine(request.WorkFolder, "kept", RunId, feed.Name.ToString()));
            }
            else
            {
                feed.Spool.Delete();
            }
        }
    }

    private RunReport Report(IReadOnlyList<TableReport> tables, DateTimeOffset started) => new()
    {
        RunId = RunId,
        StartedAt = started,
        EndedAt = time.GetUtcNow(),
        Destination = destination.Name,
        Tables = tables,
        Requests = client.Statistics.Requests,
        RateLimited = client.Statistics.RateLimited,
        BudgetUsed = client.Budget.Usage.Utilisation,
        ExitCode = ExitCode.Of(tables, request.AllowPartial),
    };

    // The rows are committed whatever happens here: the report is given all the same, with what went wrong.
    private async Task<RunReport> RecordAsync(RunReport report)
    {
        try
        {
            var record = new RunRecord(report.RunId, report.StartedAt, report.EndedAt, report.ExitCode, report.Requests, RunReportJson.Serialize(report));
            foreach (var schema in request.Tables.Select(job => job.Schema).Distinct(StringComparer.Ordinal))
            {
                // A cancelled run still tells what it did.
                await destination.Books(schema).RecordRunAsync(record, CancellationToken.None);
            }

            return report;
        }
        catch (SluiceException error)
        {
            return report with { Error = error.Message, ExitCode = report.ExitCode == ExitCode.Done ? ExitCode.Destination : report.ExitCode };
        }
    }
}
