using System.Globalization;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;

namespace Sluice.Engine.Runs;

/// <summary>One ingest from the first request to the last commit: the only place that sees all the steps of a row's way.</summary>
/// <param name="request">What is read, and how.</param>
/// <param name="workspaces">Where from: side by side, each with its own budget.</param>
/// <param name="destination">Where to.</param>
/// <param name="time">The clock.</param>
public sealed class IngestRun(IngestRequest request, IReadOnlyList<Workspace> workspaces, IDestination destination, TimeProvider time)
{
    // Asked once in a run, however often its workspaces are opened.
    private IReadOnlyList<WorkspaceInfo> _infos = [];

    // Becomes more precise once it is known which tables there are.
    private IngestRequest _request = request;

    /// <summary>Where the run is.</summary>
    public RunProgress Progress { get; } = new();

    /// <summary>The run's id: sorts by time, and is written into every row.</summary>
    public string RunId { get; init; } = NewId(time);

    /// <summary>Makes an id for a run that begins now.</summary>
    public static string NewId(TimeProvider time) => string.Create(
        CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}-{Guid.NewGuid().ToString("N")[..6]}");

    /// <summary>Reads and loads all tables; failures of single tables are in the report, failures of the whole are thrown.</summary>
    /// <exception cref="SluiceException">The key is refused, the destination can't be opened, or the work folder can't be written.</exception>
    public async Task<RunReport> RunAsync(CancellationToken cancel)
    {
        var started = time.GetUtcNow();
        var columns = await ColumnSnapshot.ReadAsync(_request, destination, cancel);
        columns.RequireNames(_request);
        RememberedMasks.Require(_request, columns);
        Progress.Budgets = [.. workspaces.Select(workspace => workspace.Client.Budget)];
        _infos = await WorkspaceInfo.ReadAsync(workspaces, time, cancel);
        _request = PeopleReadStrategy.Choose(_request, _infos);
        var failed = await SliceAsync(cancel);
        var states = await StateSnapshot.ReadAsync(_request, destination, cancel);
        _request = WebhookRules.Apply(MetricsHistory.Begin(_request, states), states);
        await using var context = new LoadContext(_request, destination, time, RunId) { Columns = columns };
        var reports = await ReadTablesAsync(context, states, cancel);
        var report = await ModelStep.RunAsync(Report([.. reports, .. failed], started), _request, destination, cancel);
        return await RecordAsync(report.Models.Count == 0 ? report : report with { EndedAt = time.GetUtcNow() });
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
        var states = await StateSnapshot.ReadAsync(_request, destination, cancel);
        var whole = _request with { Tables = [.. sliced.Select(SplitTables.Whole)] };
        var readings = await OpenAsync(whole, states);
        try
        {
            await Task.WhenAll(readings.Select(reading => reading.ReadAsync(_ => true, cancel)));
            foreach (var (job, read) in sliced.Zip(whole.Tables))
            {
                try
                {
                    var extractions = readings.Where(reading => reading.Has(read)).Select(reading => reading.Of(read)).ToList();
                    var known = workspaces.SelectMany(workspace => SplitTables.Known(job, states.In(workspace.Name)));
                    var names = await TableNaming.OfSlicesAsync(job, states, destination, cancel);
                    jobs.AddRange(await SplitTables.OfAsync(job, extractions, known, names, _request.TableNames, cancel));
                }
                catch (Exception error) when (!SluiceException.IsFatal(error))
                {
                    failed.Add(TableReport.Of(job).With(SluiceException.From(error, job.Source.ToString())));
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

    private async Task<IReadOnlyList<TableReport>> ReadTablesAsync(LoadContext context, StateSnapshot states, CancellationToken cancel)
    {
        var readings = await OpenAsync(_request, states);
        try
        {
            var loaders = await BeginAsync(readings, context, cancel);
            var keepers = readings
                .SelectMany(reading => reading.All.Select(one => (one, keeper: KeeperOf(one, reading, loaders))))
                .ToDictionary(pair => pair.one, pair => pair.keeper);
            var loading = loaders.Select(loader => loader.RunAsync(keepers, ProgressOf(loader, readings), cancel)).ToList();
            await Task.WhenAll(readings.Select(reading => reading.ReadAsync(one => IsWanted(one, reading, loaders), cancel)));
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

    private async Task<List<WorkspaceExtractions>> OpenAsync(IngestRequest wanted, StateSnapshot states)
    {
        var readings = new List<WorkspaceExtractions>();
        try
        {
            foreach (var (workspace, info) in workspaces.Zip(_infos))
            {
                readings.Add(await WorkspaceExtractions.OpenAsync(wanted, workspace, info, states, time));
            }

            return readings;
        }
        catch
        {
            await DisposeAsync(readings);
            throw;
        }
    }

    private static async Task DisposeAsync(List<WorkspaceExtractions> readings)
    {
        foreach (var reading in readings)
        {
            await reading.DisposeAsync();
        }
    }

    private async Task<List<TableLoader>> BeginAsync(List<WorkspaceExtractions> readings, LoadContext context, CancellationToken cancel)
    {
        var loaders = _request
            .Tables.Select(job => new TableLoader(job, [.. readings.Where(reading => reading.Has(job)).Select(reading => reading.Of(job))], context))
            .ToList();
        try
        {
            await BeginAsync(loaders, readings, cancel);
            return loaders;
        }
        catch
        {
            foreach (var loader in loaders)
            {
                await loader.DisposeLoadAsync();
            }

            throw;
        }
    }

    private static async Task BeginAsync(List<TableLoader> loaders, List<WorkspaceExtractions> readings, CancellationToken cancel)
    {
        foreach (var loader in loaders)
        {
            await loader.BeginAsync(cancel);
        }

        // The destination was put back to an older state, is another file now, or has been loaded by another run: pages must be fetched again.
        while (ToReadAnew(readings, loaders) is { Count: > 0 } anew)
        {
            foreach (var (reading, one) in anew)
            {
                await reading.RestartAsync(one);
            }

            foreach (var loader in loaders.Where(loader => anew.Exists(pair => loader.Extractions.Contains(pair.One))))
            {
                await loader.BeginAsync(cancel);
            }
        }
    }

    private static List<(WorkspaceExtractions Reading, SpooledExtraction One)> ToReadAnew(
        List<WorkspaceExtractions> readings,
        List<TableLoader> loaders
    ) =>
        [
            .. readings.SelectMany(reading =>
                reading
                    .All.Where(one => loaders.Exists(loader => loader.Extractions.Contains(one) && loader.MustReadAnew(one)))
                    .Select(one => (reading, one))),
        ];

    // Nobody waits for the pages of a table whose destination has refused it already.
    private static bool IsWanted(SpooledExtraction one, WorkspaceExtractions reading, List<TableLoader> loaders) =>
        loaders.Exists(loader => !loader.HasFailed && loader.Extractions.Contains(one))
        || reading.All.Any(child => child.Parent == one && IsWanted(child, reading, loaders));

    // A list that leads to others is read by them page by page, also when a killed run goes on: it stays whole.
    private SegmentCleanup KeeperOf(SpooledExtraction one, WorkspaceExtractions reading, List<TableLoader> loaders) =>
        new(one, loaders.Count(loader => loader.Extractions.Contains(one)), _request.KeepSpool || _request.LeaveSpool || reading.LeadsToOthers(one));

    // One workspace in the account is the key's own, and its counts tell how long people and objects will take.
    private TableProgress ProgressOf(TableLoader loader, List<WorkspaceExtractions> readings)
    {
        var progress = Progress.Add(loader.Job, loader.Extractions);
        var counts = loader.Job is { Options.IsEmpty: true, Settings.Limit: null } && readings is [{ Info.Own: { } own }] ? own : null;
        progress.Expected = loader.Job.Resource.Reading switch
        {
            ReadingKind.People or ReadingKind.Hydrate => counts?.People,
            ReadingKind.Objects => counts?.Objects,
            _ => null,
        };
        return progress;
    }

    // What is committed must not be found by the next run, which would take it for its own.
    private void PutAway(List<WorkspaceExtractions> readings, Dictionary<TableJob, TableReport> reports)
    {
        var finished = readings.SelectMany(reading => reading.Finished(reports).Select(one => (reading.Workspace.Name, one)));
        foreach (var (workspace, one) in _request.LeaveSpool ? [] : finished)
        {
            if (_request.KeepSpool)
            {
                one.Sink.MoveTo(Path.Combine(_request.WorkFolder, "kept", RunId, workspace, one.Extraction.Key.ToString()));
            }
            else
            {
                one.Sink.Delete();
            }
        }
    }

    private RunReport Report(IReadOnlyList<TableReport> tables, DateTimeOffset started) => new()
    {
        RunId = RunId,
        StartedAt = started,
        EndedAt = time.GetUtcNow(),
        Destination = destination.Name,
        Tables = [.. tables.Select(table => table.With(WithoutKeys))],
        Requests = workspaces.Sum(workspace => workspace.Client.Statistics.Requests),
        RateLimited = workspaces.Sum(workspace => workspace.Client.Statistics.RateLimited),
        BudgetUsed = workspaces.Min(workspace => workspace.Client.Budget.Usage.Utilisation),
        Workspaces = [.. workspaces.Where(workspace => workspace.Name.Length > 0).Select(UsageOf)],
        ExitCode = ExitCode.Of(tables, _request.AllowPartial),
    };

    private string WithoutKeys(string text) => workspaces.Aggregate(text, (shown, workspace) => workspace.Client.WithoutKeys(shown));

    private static WorkspaceUsage UsageOf(Workspace workspace) =>
        new(workspace.Name, workspace.Client.Statistics.Requests, workspace.Client.Statistics.RateLimited, workspace.Client.Budget.Usage.Utilisation);

    // The rows are committed whatever happens here: the report is given all the same, with what went wrong.
    private async Task<RunReport> RecordAsync(RunReport report)
    {
        try
        {
            var record = new RunRecord(
                report.RunId, report.StartedAt, report.EndedAt, report.ExitCode, report.Requests, ReportJson.Serialize(report));
            foreach (var schema in _request.Tables.Select(job => job.Schema).Distinct(StringComparer.Ordinal))
            {
                // A cancelled run still tells what it did.
                await destination.SystemTables(schema).RecordRunAsync(record, CancellationToken.None);
            }

            return report;
        }
        catch (Exception error) when (!SluiceException.IsFatal(error))
        {
            // Whatever a driver throws: an exception here would hide what has been done.
            var told = SluiceException.From(error, SystemTable.Runs.Name).Message;
            return report with { Error = report.Error ?? told, ExitCode = report.ExitCode == ExitCode.Done ? ExitCode.Destination : report.ExitCode };
        }
    }
}
