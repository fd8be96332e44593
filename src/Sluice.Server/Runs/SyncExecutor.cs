using Sluice.CustomerIo;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Server.Pipelines;
using Sluice.Settings.Pipelines;

namespace Sluice.Server.Runs;

/// <summary>Runs syncs of the pipeline.</summary>
internal sealed class SyncExecutor(PipelineStore pipelines, ServerOptions options, WorkspaceBudgets budgets, TimeProvider time) : IRunExecutor
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    public async Task<IReadOnlyList<string>> LeasesAsync(RunTarget target, CancellationToken cancel)
    {
        try
        {
            var sync = await pipelines.RequireSyncAsync(target.Name, cancel);
            var names = sync.Workspaces.Select(workspace => $"pair:{workspace.Source!.PairWith(sync.Destination.Identity)}");
            return [.. DestinationRegistry.FileOf(sync.Uri!) is null ? names : names.Append($"file:{sync.Destination.Identity}")];
        }
        catch (SluiceException)
        {
            // The run tells what is wrong; nothing else needs to wait for it.
            return [$"sync:{target.Name}"];
        }
    }

    public async Task<RunResult> RunAsync(RunOrder order, CancellationToken cancel)
    {
        var retries = 0;
        try
        {
            var sync = await pipelines.RequireSyncAsync(order.Request.Target.Name, cancel);
            retries = sync.Schedule?.Retries ?? 0;
            var report = await IngestAsync(sync, order, cancel);
            return new RunResult(report.ExitCode, RunVerdict.Of(report))
            {
                Report = ReportJson.Serialize(report),
                Rows = report.Tables.Sum(table => table.Rows),
                Requests = report.Requests,
                Retries = retries,
            };
        }
        catch (SluiceException error)
        {
            return Failed(error, retries, order.Watch.Log);
        }
        catch (CustomerIoException error)
        {
            return Failed(SluiceException.From(error), retries, order.Watch.Log);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            order.Watch.Log.Error(error.ToString());
            return new RunResult(ExitCode.Unexpected, $"Something nobody foresaw: {error.GetType().Name}. The log has more.");
        }
    }

    private static RunResult Failed(SluiceException error, int retries, RunLog log)
    {
        log.Error(error.Message, error.Hint);
        return new RunResult(ExitCode.Of(error.Kind), $"{error.Message} {error.Hint}".TrimEnd()) { Retries = retries };
    }

    private async Task<RunReport> IngestAsync(PipelineSync found, RunOrder order, CancellationToken cancel)
    {
        var mistakes = new ValidationErrors();
        var sync = ChosenSync.Of(found, order.Request.Choices, mistakes);
        var job = SyncJob.Of(sync, mistakes, note => order.Watch.Log.Info(note));
        mistakes.ThrowIfAny();
        var workspaces = job.OpenWorkspaces(workspace => options.OpenClient(workspace.Source!, budgets.Of(workspace)));
        try
        {
            var ingest = new LockedIngest(job.Request, workspaces, job.Uri, time)
            {
                RunId = order.RunId,
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
