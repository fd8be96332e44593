using System.Globalization;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;
using Sluice.Engine.Config;
using Sluice.Engine.Load;

namespace Sluice.Engine.Runs;

/// <summary>One ingest from the first request to the last commit: the only place that sees all the steps of a row's way.</summary>
/// <param name="request">What is read, and how.</param>
/// <param name="workspaces">Where from: side by side, each with its own budget.</param>
/// <param name="destination">Where to.</param>
/// <param name="time">The clock.</param>
public sealed class IngestRun(IngestRequest request, IReadOnlyList<Workspace> workspaces, IDestination destination, TimeProvider time)
{
    /// <summary>An ingest of a single workspace.</summary>
    public IngestRun(IngestRequest request, CustomerIoClient client, IDestination destination, TimeProvider time)
        : this(request, [new Workspace("", request.PairId, client)], destination, time)
    {
    }

    // Asked once in a run, however often its workspaces are opened.
    private IReadOnlyList<RunClock> _clocks = [];

    // Becomes more precise once it is known which tables there are.
    private IngestRequest _request = request;

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
        Progress.BudgetReader = () => BudgetUsages.Together([.. workspaces.Select(workspace => workspace.Client.Budget.Usage)]);
        _clocks = await WorkspaceReading.ReadClocksAsync(workspaces, time, cancel);
        _request = PeopleRoute.Choose(_request, _clocks);
        var failed = await SliceAsync(cancel);
        using var run = new RunResources(_request, destination, time);
        var reports = await ReadTablesAsync(run, cancel);
        return await RecordAsync(Report([.. reports, .. failed], started));
    }

    // Activities that become a table for each type: they are read first, for only then it is known which types there are.
    private async Task<IReadOnlyList<TableReport>> SliceAsync(CancellationToken cancel)
    {
        var sliced = _request.Tables.Where(job => job.Slicing != Slicing.None).ToList();
        if (sliced.Count == 0)
        {
            return [];
        }

        var (jobs, failed) = (_request.Tables.Except(sliced).ToList(), new List<TableReport>());
        var states = await KnownStates.ReadAsync(_request, destination, cancel);
        var whole = _request with { Tables = [.. sliced.Select(SlicedTables.Whole)] };
        var readings = await OpenAsync(whole, states);
        try
        {
            await Task.WhenAll(readings.Select(reading => reading.RunAsync(cancel)));
            foreach (var (job, read) in sliced.Zip(whole.Tables))
            {
                try
                {
                    var feeds = readings.Where(reading => reading.Has(read)).Select(reading => reading.Feeds.Of(read)).ToList();
                    jobs.AddRange(await SlicedTables.OfAsync(job, feeds, workspaces.SelectMany(workspace => SlicedTables.Known(job, states.In(workspace.Name))), cancel));
                }
                catch (Exception error)
                {
                    failed.Add(TableReport.OfFailure(job, SluiceException.From(error, job.Source.ToString())));
                }
            }
        }
        finally
        {
            await DisposeAsync(readings);
        }

        _request = _request with { Tables = jobs };
        return failed;
    }

    private async Task<IReadOnlyList<TableReport>> ReadTablesAsync(RunResources run, CancellationToken cancel)
    {
        var states = await KnownStates.ReadAsync(_request, destination, cancel);
        var readings = await OpenAsync(_request, states);
        try
        {
            var loaders = await BeginAsync(readings, run, cancel);
            var keepers = readings.SelectMany(reading => reading.Feeds.All.Select(feed => (feed, keeper: KeeperOf(feed, reading.Feeds, loaders)))).ToDictionary(pair => pair.feed, pair => pair.keeper);
            var loading = loaders.Select(loader => loader.RunAsync(keepers, ProgressOf(loader, readings), cancel)).ToList();
            await Task.WhenAll(readings.Select(reading => reading.RunAsync(cancel)));
            var reports = await Task.WhenAll(loading);
            await DisposeAsync(readings);
            PutAway(readings, _request.Tables.Zip(reports).ToDictionary(pair => pair.First, pair => pair.Second));
            return reports;
        }
        finally
        {
            await DisposeAsync(readings);
        }
    }

    private async Task<List<WorkspaceReading>> OpenAsync(IngestRequest wanted, KnownStates states)
    {
        var readings = new List<WorkspaceReading>();
        try
        {
            readings.AddRange(workspaces.Zip(_clocks, (workspace, clock) => WorkspaceReading.Open(wanted, workspace, clock, states, time)));

            return readings;
        }
        catch
        {
            await DisposeAsync(readings);
            throw;
        }
    }

    private static async Task DisposeAsync(List<WorkspaceReading> readings)
    {
        foreach (var reading in readings)
        {
            await reading.DisposeAsync();
        }
    }

    private async Task<List<TableLoader>> BeginAsync(List<WorkspaceReading> readings, RunResources run, CancellationToken cancel)
    {
        var loaders = _request.Tables.Select(job => new TableLoader(job, [.. readings.Where(reading => reading.Has(job)).Select(reading => reading.SourceOf(job))], RunId, run)).ToList();
        foreach (var loader in loaders)
        {
            await loader.BeginAsync(cancel);
        }

        // The destination was put back to an older state, or is another file now: what it had of these feeds must be fetched again.
        while (LackingFeeds(readings, loaders) is { Count: > 0 } lacking)
        {
            foreach (var (reading, feed) in lacking)
            {
                await reading.Feeds.RestartAsync(feed);
            }

            foreach (var loader in loaders.Where(loader => lacking.Exists(one => loader.Feeds.Contains(one.Feed))))
            {
                await loader.BeginAsync(cancel);
            }
        }

        return loaders;
    }

    private static List<(WorkspaceReading Reading, SpooledExtraction Feed)> LackingFeeds(List<WorkspaceReading> readings, List<TableLoader> loaders) =>
        [.. readings.SelectMany(reading => reading.Feeds.All.Where(feed => loaders.Exists(loader => loader.Feeds.Contains(feed) && loader.LacksRemovedRows(feed))).Select(feed => (reading, feed)))];

    // A list that leads to others is read by them page by page, also when a killed run goes on: it stays whole.
    private SegmentKeeper KeeperOf(SpooledExtraction feed, FeedSet feeds, List<TableLoader> loaders) =>
        new(feed, loaders.Count(loader => loader.Feeds.Contains(feed)), _request.KeepSpool || _request.LeaveSpool || feeds.LeadsToOthers(feed));

    // One workspace in the account is the key's own, and its count tells how long people will take.
    private TableProgress ProgressOf(TableLoader loader, List<WorkspaceReading> readings)
    {
        var progress = Progress.Add(loader.Job, [.. loader.Feeds.Select(feed => feed.Counters)]);
        var isOfPeople = loader.Job.Resource.Reading is ReadingKind.People or ReadingKind.Hydrate && loader.Job.Options.IsEmpty;
        progress.Expected = isOfPeople && readings is [{ Clock.Workspaces: [var own] }] ? own.People : null;
        return progress;
    }

    // What is committed must not be found by the next run, which would take it for its own.
    private void PutAway(List<WorkspaceReading> readings, Dictionary<TableJob, TableReport> reports)
    {
        var finished = readings.SelectMany(reading => reading.Feeds.Finished(reports).Select(feed => (reading.Workspace.Name, feed)));
        foreach (var (workspace, feed) in _request.LeaveSpool ? [] : finished)
        {
            if (_request.KeepSpool)
            {
                feed.Sink.MoveTo(Path.Combine(_request.WorkFolder, "kept", RunId, workspace, feed.Extraction.Key.ToString()));
            }
            else
            {
                feed.Sink.Delete();
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
        Requests = workspaces.Sum(workspace => workspace.Client.Statistics.Requests),
        RateLimited = workspaces.Sum(workspace => workspace.Client.Statistics.RateLimited),
        BudgetUsed = workspaces.Min(workspace => workspace.Client.Budget.Usage.Utilisation),
        Workspaces = [.. workspaces.Where(workspace => workspace.Name.Length > 0).Select(UsageOf)],
        ExitCode = ExitCode.Of(tables, _request.AllowPartial),
    };

    private static WorkspaceUsage UsageOf(Workspace workspace) =>
        new(workspace.Name, workspace.Client.Statistics.Requests, workspace.Client.Statistics.RateLimited, workspace.Client.Budget.Usage.Utilisation);

    // The rows are committed whatever happens here: the report is given all the same, with what went wrong.
    private async Task<RunReport> RecordAsync(RunReport report)
    {
        try
        {
            var record = new RunRecord(report.RunId, report.StartedAt, report.EndedAt, report.ExitCode, report.Requests, ReportJson.Serialize(report));
            foreach (var schema in _request.Tables.Select(job => job.Schema).Distinct(StringComparer.Ordinal))
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
