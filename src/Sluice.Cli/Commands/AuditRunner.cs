using Sluice.Cli.Output;
using Sluice.CustomerIo;
using Sluice.Destinations;
using Sluice.Engine.Audit;
using Sluice.Engine.Load;
using Sluice.Engine.Runs;

namespace Sluice.Cli.Commands;

/// <summary>Runs an audit under the destination's lock, with a temporary scratch database in the work folder.</summary>
internal static class AuditRunner
{
    public static async Task<AuditReport> RunAsync(
        IngestRequest request, CustomerIoClient client, IDestination destination, IProgressView view, bool repair, CommandRun run)
    {
        SettingsLookup.Prepare(request.WorkFolder);
        using var alone = RunLock.Take(request, run.Host.Time);
        var aside = Path.GetFullPath(Path.Combine(request.WorkFolder, $"audit-{request.PairId}.duckdb"));
        Remove(aside);
        try
        {
            await using var scratch = await DestinationRegistry.OpenAsync($"duckdb:////{Uri.EscapeDataString(aside)}", run.Cancel);
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
