using Sluice.Cli.Checks;
using Sluice.Cli.Commands;
using Sluice.Cli.Output;
using Sluice.CustomerIo;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Settings.Pipelines;

namespace Sluice.Cli.Pipelines;

/// <summary>A validated sync, ready to run.</summary>
internal sealed class PreparedSync
{
    private readonly PipelineSync _sync;
    private readonly IngestRequest _request;

    private PreparedSync(PipelineSync sync, IngestRequest request) => (_sync, _request) = (sync, request);

    public string Name => _sync.Name;

    private string Uri => _sync.Uri!;

    /// <summary>Creates the request of a sync whose variables are all set, and collects its errors.</summary>
    public static PreparedSync Of(PipelineSync sync, CommandRun run, ValidationErrors mistakes)
    {
        // Independent of the order of the workspaces.
        var pair = sync.Workspaces.Select(workspace => PairOf(sync, workspace)).Order(StringComparer.Ordinal).First();
        var request = sync.Request with { PairId = pair };
        PartitionOptions.Check(sync.Uri!, request, run, mistakes);
        if (!mistakes.Any && request.Tables.Select(job => job.Settings.Masks).FirstOrDefault(masks => masks.IsUnsalted) is { } unsalted)
        {
            SettingOptions.WarnUnsalted(unsalted, run);
        }

        return new PreparedSync(sync, request);
    }

    public Task<SyncOutcome> RunAsync(WorkspaceBudgets budgets, IProgressView view, LockWait patience, CommandRun run) =>
        EndAsync(
            budgets,
            run,
            async workspaces =>
            {
                var report = await IngestRunner.RunAsync(_request, workspaces, Uri, view, patience, run);
                return new SyncOutcome(Name, report.ExitCode) { Report = report };
            });

    // The plan depends on the destination's state, but planning must not create a destination.
    public Task<SyncOutcome> PlanAsync(WorkspaceBudgets budgets, CommandRun run) => EndAsync(budgets, run, async workspaces =>
    {
        await using var destination = DestinationFile.IsMissing(Uri) ? null : await DestinationRegistry.OpenAsync(Uri, run.Cancel);
        return new SyncOutcome(Name, ExitCode.Done) { Plan = await Planner.PlanAsync(_request, workspaces, destination, run.Host.Time, run.Cancel) };
    });

    private static string PairOf(PipelineSync sync, PipelineWorkspace workspace) => workspace.Source!.PairWith(sync.Destination.Identity);

    // A failed sync must not prevent the next one from running.
    private async Task<SyncOutcome> EndAsync(WorkspaceBudgets budgets, CommandRun run, Func<IReadOnlyList<Workspace>, Task<SyncOutcome>> work)
    {
        var workspaces = _sync.Workspaces.Select(workspace => Open(workspace, budgets, run)).ToList();
        try
        {
            return await work(workspaces);
        }
        catch (SluiceException error)
        {
            return new SyncOutcome(Name, ExitCode.Of(error.Kind)) { Error = error };
        }
        catch (CustomerIoException error)
        {
            return new SyncOutcome(Name, ExitCode.Of(SluiceException.From(error).Kind)) { Error = SluiceException.From(error) };
        }
        catch (OperationCanceledException) when (run.Cancel.IsCancellationRequested)
        {
            return new SyncOutcome(Name, ExitCode.Cancelled);
        }
        finally
        {
            workspaces.ForEach(workspace => workspace.Client.Dispose());
        }
    }

    // Rows of a single workspace that has no column in the tables look like those of ingest.
    private Workspace Open(PipelineWorkspace workspace, WorkspaceBudgets budgets, CommandRun run) => new(
        _sync.IsOfNamedWorkspaces ? workspace.Name : "",
        PairOf(_sync, workspace),
        SourceOptions.Open(workspace.Source!, run, budgets.Of(workspace)));
}

/// <summary>How a sync ended.</summary>
/// <param name="Name">The sync.</param>
/// <param name="Code">Its exit code.</param>
internal sealed record SyncOutcome(string Name, int Code)
{
    /// <summary>The report, if the sync ran.</summary>
    public RunReport? Report { get; init; }

    /// <summary>The plan of a dry run.</summary>
    public RunPlan? Plan { get; init; }

    /// <summary>Why the sync could not run.</summary>
    public SluiceException? Error { get; init; }
}

/// <summary>The request budgets of a pipeline's workspaces, shared by all syncs of a workspace.</summary>
internal sealed class WorkspaceBudgets(TimeProvider time)
{
    private readonly Dictionary<string, RequestBudget> _budgets = new(StringComparer.Ordinal);

    // With a budget of its own, a sync would ignore what the previous one has used of the same second.
    public RequestBudget Of(PipelineWorkspace workspace)
    {
        if (!_budgets.TryGetValue(workspace.Name, out var budget))
        {
            _budgets[workspace.Name] = budget = new RequestBudget(workspace.Source!.Client.RequestsPerSecond, time);
        }

        return budget;
    }
}
