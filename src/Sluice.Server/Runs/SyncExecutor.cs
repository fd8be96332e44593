using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Server.Pipelines;
using Sluice.Settings.Pipelines;

namespace Sluice.Server.Runs;

/// <summary>Runs syncs of the pipeline.</summary>
internal sealed class SyncExecutor(PipelineStore pipelines, ServerOptions options, WorkspaceBudgets budgets, TimeProvider time)
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    public async Task<IReadOnlyList<string>> LeasesAsync(string name, CancellationToken cancel) =>
        SyncJob.LeasesOf(await pipelines.RequireSyncAsync(name, cancel));

    public async Task<RunResult> RunAsync(RunOrder order, CancellationToken cancel)
    {
        var sync = await pipelines.RequireSyncAsync(order.Request.Target.Name, cancel);
        order.Watch.Retries = sync.Schedule?.Retries ?? PipelineSchedule.UsualRetries;
        var report = await IngestAsync(sync, order, cancel);
        return new RunResult(report.ExitCode, RunVerdict.Of(report))
        {
            Report = ReportJson.Serialize(report),
            Rows = report.Tables.Sum(table => table.Rows),
            Requests = report.Requests,
        };
    }

    private async Task<RunReport> IngestAsync(PipelineSync found, RunOrder order, CancellationToken cancel)
    {
        var mistakes = new ValidationErrors();
        RequireShared(found);
        var sync = ChosenSync.Of(found, order.Request.Choices, mistakes);
        var job = SyncJob.Of(sync, mistakes, note => order.Watch.Log.Info(note));
        mistakes.ThrowIfAny();
        var workspaces = job.OpenWorkspaces(workspace => options.OpenClient(workspace.Source!, budgets.Of(workspace)));
        try
        {
            var ingest = new LockedIngest(job.Request, workspaces, job.Uri, time)
            {
                RunId = order.RunId,
                FormerRunId = order.FormerRunId,
                Patience = new LockWait(time, TimeSpan.FromMinutes(5), note => order.Watch.Log.Info(note)),
                Note = note => order.Watch.Log.Info(note),
            };
            return await ingest.RunAsync((run, stop) => WatchAsync(run, order.Watch, stop), cancel);
        }
        finally
        {
            foreach (var workspace in workspaces)
            {
                workspace.Client.Dispose();
            }
        }
    }

    // A file that each node has for itself would be another one after each change of nodes.
    private void RequireShared(PipelineSync sync)
    {
        if (options is { Control: not null, SharesFiles: false }
            && (DestinationRegistry.FileOf(sync.Uri!) ?? DestinationRegistry.FolderOf(sync.Uri!)) is not null)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"The sync {sync.Name} writes into a file of this machine, which other nodes don't have.",
                "Use a database server or object storage as its destination; or say with --shared-files that all nodes have the same folders.");
        }
    }

    private async Task<RunReport> WatchAsync(IngestRun run, RunWatch watch, CancellationToken cancel)
    {
        watch.Progress = run.Progress;
        var work = run.RunAsync(cancel);
        while (await Task.WhenAny(work, Task.Delay(BetweenLines, time, cancel)) != work && !cancel.IsCancellationRequested)
        {
            watch.Log.Tell(run.Progress);
        }

        var report = await work;
        foreach (var table in report.Tables.Where(table => table.Error is not null))
        {
            watch.Log.Error($"{table.Source}: {table.Error}", table.Hint);
        }

        foreach (var (table, gap) in report.Tables.SelectMany(table => table.Gaps.Select(gap => (table, gap))))
        {
            watch.Log.Warn($"{table.Source}: {gap}");
        }

        return report;
    }
}
