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
        using var run = new RunResources(request, destination, time);
        var clock = await ReadClockAsync(cancel);
        var reports = await ReadTablesAsync(run, clock, cancel);
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

    private async Task<IReadOnlyList<TableReport>> ReadTablesAsync(RunResources run, RunClock clock, CancellationToken cancel)
    {
        var feeds = FeedSet.Open(request, clock.Now);
        IReadOnlyList<TableReport> reports;
        await using (feeds)
        {
            var context = new ExtractContext(client, request.Parallelism) { Masks = request.Masks };
            var reading = feeds.All.Select(feed => FeedRunner.RunAsync(feed, context, cancel)).ToList();
            var loading = request.Tables.Select(job => LoaderFor(job, feeds, run).RunAsync(ProgressOf(job, feeds, clock), cancel)).ToList();
            await Task.WhenAll(reading);
            reports = await Task.WhenAll(loading);
        }

        DeleteSpools(feeds, reports);
        return reports;
    }

    // One workspace in the account is the key's own, and its count tells how long people will take.
    private TableProgress ProgressOf(TableJob job, FeedSet feeds, RunClock clock)
    {
        var progress = Progress.Add(job, feeds.Of(job).Counters);
        progress.Expected = job.Resource.Reading is ReadingKind.People or ReadingKind.Hydrate && clock.Workspaces is [var own] ? own.People : null;
        return progress;
    }

    private TableLoader LoaderFor(TableJob job, FeedSet feeds, RunResources run)
    {
        var feed = feeds.Of(job);
        var target = new LoadTarget
        {
            Schema = job.Schema,
            Table = job.Table,
            Strategy = job.Strategy,
            PrimaryKey = job.PrimaryKey,
            IncrementalKey = job.IncrementalKey,
            Interval = request.Interval,
            RunId = RunId,
            LoadId = feed.Spool.SpoolId,
            LoadedAt = time.GetUtcNow(),
        };
        return new TableLoader(job, feed, target, run);
    }

    private void DeleteSpools(FeedSet feeds, IReadOnlyList<TableReport> reports)
    {
        foreach (var feed in request.KeepSpool ? [] : feeds.Finished(reports))
        {
            feed.Spool.Delete();
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
        ExitCode = ExitCode.Of(tables),
    };

    // The rows are committed whatever happens here: the report is given all the same, with what went wrong.
    private async Task<RunReport> RecordAsync(RunReport report)
    {
        try
        {
            foreach (var schema in request.Tables.Select(job => job.Schema).Distinct(StringComparer.Ordinal))
            {
                // A cancelled run still tells what it did.
                await destination.RecordRunAsync(schema, report, CancellationToken.None);
            }

            return report;
        }
        catch (SluiceException error)
        {
            return report with { Error = error.Message, ExitCode = report.ExitCode == ExitCode.Done ? ExitCode.Destination : report.ExitCode };
        }
    }
}
