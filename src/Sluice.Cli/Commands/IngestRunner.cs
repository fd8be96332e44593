using Sluice.Cli.Checks;
using Sluice.Cli.Output;
using Sluice.CustomerIo;
using Sluice.Destinations;
using Sluice.Engine.Audit;
using Sluice.Engine.Load;
using Sluice.Engine.Runs;

namespace Sluice.Cli.Commands;

/// <summary>Runs an ingest under the destination's lock and shows its progress; removes a new empty database if it could not start.</summary>
internal static class IngestRunner
{
    /// <summary>Printed at the first Ctrl-C of a run that can be resumed.</summary>
    public const string Resumable = "Stopping. What was fetched is kept: run the same command again and it goes on. Once more ends at once.";

    private const string NothingBegun = "Stopping. Nothing was begun.";

    public static async Task<RunReport> RunAsync(
        IngestRequest request,
        IReadOnlyList<Workspace> workspaces,
        string uri,
        IProgressView view,
        LockWait patience,
        CommandRun run,
        string whenStopped = Resumable)
    {
        WorkFolder.Prepare(request.WorkFolder);
        run.Interruption.First = () => run.Messages.Info(NothingBegun);
        using var alone = await patience.UntilFreeAsync(() => Task.FromResult(RunLocks.Take(request, workspaces, run.Host.Time)), run.Cancel);
        foreach (var former in alone.Former)
        {
            run.Messages.Info($"Took over from {former}, which ended without saying goodbye.");
        }

        var (isNew, progress) = (false, new RunProgress());
        var opened = await patience.UntilFreeAsync(() => OpenAsync(uri, missing => isNew = missing, run.Cancel), run.Cancel);
        try
        {
            await using var destination = opened;
            var ingest = new IngestRun(request, workspaces, destination, run.Host.Time);
            progress = ingest.Progress;
            run.Interruption.First = () => run.Messages.Info(whenStopped);
            run.HasChanged = true;
            return await view.ShowAsync(progress, ingest.RunAsync(run.Cancel), run.Host.Time);
        }
        catch when (isNew && progress.Tables.Count == 0)
        {
            DestinationFile.Remove(uri);
            throw;
        }
    }

    // Checked before each attempt: the run that held the lock may have created the file, which must then be kept.
    private static async Task<IDestination> OpenAsync(string uri, Action<bool> isMissing, CancellationToken cancel)
    {
        isMissing(DestinationFile.IsMissing(uri));
        return await DestinationRegistry.OpenAsync(uri, cancel);
    }
}

/// <summary>Runs an audit under the destination's lock, with a temporary scratch database in the work folder.</summary>
internal static class AuditRunner
{
    public static async Task<AuditReport> RunAsync(
        IngestRequest request, CustomerIoClient client, IDestination destination, IProgressView view, bool repair, CommandRun run)
    {
        WorkFolder.Prepare(request.WorkFolder);
        using var alone = RunLock.Take(request, run.Host.Time);
        var aside = Path.GetFullPath(Path.Combine(request.WorkFolder, $"audit-{request.PairId}.duckdb"));
        Remove(aside);
        try
        {
            await using var scratch = await DestinationRegistry.OpenAsync($"duckdb:////{Uri.EscapeDataString(aside)}", run.Cancel);
            run.HasChanged = repair;
            var audit = new AuditRun(request, client, destination, scratch, run.Host.Time);
            run.Interruption.First = () =>
                run.Messages.Info("Stopping. The audit begins anew next time; no table was changed unless a repair had begun.");
            return await view.ShowAsync(audit.Progress, audit.RunAsync(repair, run.Cancel), run.Host.Time);
        }
        finally
        {
            Remove(aside);
        }
    }

    private static void Remove(string file)
    {
        File.Delete(file);
        File.Delete(file + ".wal");
    }
}
