using Sluice.CustomerIo;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Server.Control;
using Sluice.Server.Pipelines;

namespace Sluice.Server.Runs;

/// <summary>Says what a run of a sync would cost, and forgets how far its tables are.</summary>
internal sealed class SyncPlanner(
    PipelineStore pipelines, ServerOptions options, WorkspaceBudgets budgets, ControlDatabase control, TimeProvider time)
{
    /// <summary>The plan of a run, for the few requests that it takes.</summary>
    /// <exception cref="SluiceException">The pipeline has mistakes, or Customer.io or the destination refuse.</exception>
    public async Task<RunPlan> PlanAsync(string name, RunChoices choices, CancellationToken cancel)
    {
        var mistakes = new ValidationErrors();
        var job = SyncJob.Of(ChosenSync.Of(await pipelines.RequireSyncAsync(name, cancel), choices, mistakes), mistakes, _ => { });
        mistakes.ThrowIfAny();
        var workspaces = job.OpenWorkspaces(workspace => options.OpenClient(workspace.Source!, budgets.Of(workspace)));
        try
        {
            // Opening a destination would make it.
            await using var destination = DestinationFile.IsMissing(job.Uri) ? null : await DestinationRegistry.OpenAsync(job.Uri, cancel);
            return await Planner.PlanAsync(job.Request, workspaces, destination, time, cancel);
        }
        catch (CustomerIoException error)
        {
            throw SluiceException.From(error);
        }
        finally
        {
            foreach (var workspace in workspaces)
            {
                workspace.Client.Dispose();
            }
        }
    }

    /// <summary>Forgets how far the tables of a sync are, so that its next run reads everything; gives how many were forgotten. Rows stay.</summary>
    /// <exception cref="SluiceException">The pipeline has mistakes, a run is at work, or the destination can't be opened.</exception>
    public async Task<int> ResetAsync(string name, CancellationToken cancel)
    {
        var sync = await pipelines.RequireSyncAsync(name, cancel);
        // A run would write at its end how far it is, and undo it.
        await using var lease = await WorkLease.TakeAsync(control, SyncJob.LeasesOf(sync), "reset", options.Node, time, cancel)
            ?? throw new SluiceException(
                SluiceErrorKind.Config,
                $"Something is at work on {name} or its destination: nothing was reset.",
                "Wait for its end, or stop it first.");
        if (DestinationFile.IsMissing(sync.Uri!))
        {
            return 0;
        }

        await using var destination = await DestinationRegistry.OpenAsync(sync.Uri!, cancel);
        var forgotten = 0;
        foreach (var job in sync.Request.Tables)
        {
            forgotten += await destination.SystemTables(job.Schema).ResetStateAsync(job.Table, cancel);
        }

        return forgotten;
    }
}
