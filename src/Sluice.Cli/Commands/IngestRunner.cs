using Sluice.Cli.Output;
using Sluice.CustomerIo;
using Sluice.Destinations;
using Sluice.Engine.Audit;
using Sluice.Engine.Load;
using Sluice.Engine.Runs;
using Sluice.Server.Runs;

namespace Sluice.Cli.Commands;

/// <summary>Runs an ingest under the destination's lock and shows its progress.</summary>
internal static class IngestRunner
{
    /// <summary>Printed at the first Ctrl-C of a run that can be resumed.</summary>
    public const string Resumable = "Stopping. What was fetched is kept: run the same command again and it goes on. Once more ends at once.";

    private const string NothingBegun = "Stopping. Nothing was begun.";

    public static Task<RunReport> RunAsync(
        IngestRequest request,
        IReadOnlyList<Workspace> workspaces,
        string uri,
        IProgressView view,
        LockWait patience,
        CommandRun run,
        string whenStopped = Resumable)
    {
        foreach (var note in request.Notes)
        {
            run.Messages.Info(note);
        }

        run.Interruption.First = () => run.Messages.Info(NothingBegun);
        var ingest = new LockedIngest(request, workspaces, uri, run.Host.Time) { Patience = patience, Note = note => run.Messages.Info(note) };
        return ingest.RunAsync(
            (begun, cancel) =>
            {
                run.Interruption.First = () => run.Messages.Info(whenStopped);
                run.HasChanged = true;
                return view.ShowAsync(begun.Progress, begun.RunAsync(cancel), run.Host.Time);
            },
            run.Cancel);
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
