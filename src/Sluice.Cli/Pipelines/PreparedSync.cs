using Sluice.Cli.Commands;
using Sluice.Cli.Output;
using Sluice.CustomerIo;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Server.Runs;
using Sluice.Settings.Pipelines;

namespace Sluice.Cli.Pipelines;

/// <summary>A sync that is ready to run, as the command runs it: one after the other, with its progress shown.</summary>
internal sealed class PreparedSync
{
    private readonly SyncJob _job;

    private PreparedSync(SyncJob job) => _job = job;

    public string Name => _job.Name;

    /// <summary>Creates the request of a sync whose variables are all set, and collects its errors.</summary>
    public static PreparedSync Of(PipelineSync sync, CommandRun run, ValidationErrors mistakes)
    {
        var job = SyncJob.Of(sync, mistakes, note => run.Messages.Info(note));
        if (!mistakes.Any && job.Request.Tables.Select(table => table.Settings.Masks).FirstOrDefault(masks => masks.IsUnsalted) is { } unsalted)
        {
            SettingOptions.WarnUnsalted(unsalted, run);
        }

        return new PreparedSync(job);
    }

    public Task<SyncOutcome> RunAsync(WorkspaceBudgets budgets, IProgressView view, LockWait patience, CommandRun run) =>
        EndAsync(
            budgets,
            run,
            async workspaces =>
            {
                var report = await IngestRunner.RunAsync(_job.Request, workspaces, _job.Uri, view, patience, run);
                return new SyncOutcome(Name, report.ExitCode) { Report = report };
            });

    // The plan depends on the destination's state, but planning must not create a destination.
    public Task<SyncOutcome> PlanAsync(WorkspaceBudgets budgets, CommandRun run) => EndAsync(budgets, run, async workspaces =>
    {
        await using var destination = DestinationFile.IsMissing(_job.Uri) ? null : await DestinationRegistry.OpenAsync(_job.Uri, run.Cancel);
        var plan = await Planner.PlanAsync(_job.Request, workspaces, destination, run.Host.Time, run.Cancel);
        return new SyncOutcome(Name, ExitCode.Done) { Plan = plan };
    });

    // A failed sync must not prevent the next one from running.
    private async Task<SyncOutcome> EndAsync(WorkspaceBudgets budgets, CommandRun run, Func<IReadOnlyList<Workspace>, Task<SyncOutcome>> work)
    {
        var workspaces = _job.OpenWorkspaces(workspace => SourceOptions.Open(workspace.Source!, run, budgets.Of(workspace)));
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
            foreach (var workspace in workspaces)
            {
                workspace.Client.Dispose();
            }
        }
    }
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
