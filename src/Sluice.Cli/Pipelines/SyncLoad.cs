using Sluice.Cli.Account;
using Sluice.Cli.Commands;
using Sluice.Cli.Output;
using Sluice.CustomerIo;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Config;
using Sluice.Engine.Config.Pipeline;
using Sluice.Engine.Runs;
using Workspace = Sluice.Engine.Runs.Workspace;

namespace Sluice.Cli.Pipelines;

/// <summary>A sync, ready to be read into its destination.</summary>
internal sealed class SyncLoad
{
    private readonly PipelineSync _sync;
    private readonly IngestRequest _request;

    private SyncLoad(PipelineSync sync, IngestRequest request) => (_sync, _request) = (sync, request);

    public string Name => _sync.Name;

    private string Uri => _sync.Uri!;

    /// <summary>Makes the request of a sync whose variables are all set, and notes what the request's reader finds.</summary>
    public static SyncLoad Of(PipelineSync sync, CommandRun run, Mistakes mistakes)
    {
        // The same for every order of the workspaces.
        var pair = sync.Workspaces.Select(workspace => PairOf(sync, workspace)).Order(StringComparer.Ordinal).First();
        var request = SyncRequest.Read(sync, pair, ResourceCatalog.Default, mistakes);
        PartitionOptions.Check(sync.Uri!, request, run, mistakes);
        if (!mistakes.Any && request.Tables.Select(job => job.Settings.Masks).FirstOrDefault(masks => masks.IsUnsalted) is { } unsalted)
        {
            MaskOptions.Warn(unsalted, run);
        }

        return new SyncLoad(sync, request);
    }

    public Task<SyncEnd> RunAsync(WorkspaceBudgets budgets, IProgressView view, Patience patience, CommandRun run) => EndAsync(budgets, run, async workspaces =>
    {
        var report = await Ingestion.RunAsync(_request, workspaces, Uri, view, patience, run);
        return new SyncEnd(Name, report.ExitCode) { Report = report };
    });

    // What the destination knows already need not be read again; looking at one that is not there must not make it.
    public Task<SyncEnd> PlanAsync(WorkspaceBudgets budgets, CommandRun run) => EndAsync(budgets, run, async workspaces =>
    {
        await using var destination = DestinationFile.IsMissing(Uri) ? null : await DestinationRegistry.OpenAsync(Uri, run.Cancel);
        return new SyncEnd(Name, ExitCode.Done) { Plan = await Planner.PlanAsync(_request, workspaces, destination, run.Host.Time, run.Cancel) };
    });

    private static string PairOf(PipelineSync sync, PipelineWorkspace workspace) => workspace.Source!.PairWith(sync.Destination.Identity);

    // A sync that fails must not keep the next one from running.
    private async Task<SyncEnd> EndAsync(WorkspaceBudgets budgets, CommandRun run, Func<IReadOnlyList<Workspace>, Task<SyncEnd>> work)
    {
        var workspaces = _sync.Workspaces.Select(workspace => Open(workspace, budgets, run)).ToList();
        try
        {
            return await work(workspaces);
        }
        catch (SluiceException error)
        {
            return new SyncEnd(Name, ExitCode.Of(error.Kind)) { Error = error };
        }
        catch (CustomerIoException error)
        {
            return new SyncEnd(Name, ExitCode.Of(SluiceException.From(error).Kind)) { Error = SluiceException.From(error) };
        }
        catch (OperationCanceledException) when (run.Cancel.IsCancellationRequested)
        {
            return new SyncEnd(Name, ExitCode.Cancelled);
        }
        finally
        {
            workspaces.ForEach(workspace => workspace.Client.Dispose());
        }
    }

    // Rows of a single workspace that nobody gave a name in the tables look as if ingest had written them.
    private Workspace Open(PipelineWorkspace workspace, WorkspaceBudgets budgets, CommandRun run) => new(
        _sync.IsOfNamedWorkspaces ? workspace.Name : "",
        PairOf(_sync, workspace),
        SourceOptions.Open(workspace.Source!, run, budgets.Of(workspace)));
}
