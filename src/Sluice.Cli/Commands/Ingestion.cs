using Sluice.Cli.Account;
using Sluice.Cli.Output;
using Sluice.Cli.Settings;
using Sluice.CustomerIo;
using Sluice.Destinations;
using Sluice.Engine.Config;
using Sluice.Engine.Runs;

namespace Sluice.Cli.Commands;

/// <summary>Runs an ingest with its progress shown, and leaves no new empty database behind when nothing could begin.</summary>
internal static class Ingestion
{
    /// <summary>Said at the first Ctrl-C of a run that the same command takes up again.</summary>
    public const string Resumable = "Stopping. What was fetched is kept: run the same command again and it goes on. Once more ends at once.";

    public static async Task<RunReport> RunAsync(
        IngestRequest request, CustomerIoClient client, string uri, IProgressView view, CommandRun run, string whenStopped = Resumable)
    {
        var isNew = DestinationFile.IsMissing(uri);
        var progress = new RunProgress();
        try
        {
            SettingsLookup.Prepare(request.WorkFolder);
            await using var destination = await DestinationRegistry.OpenAsync(uri, run.Cancel);
            var ingest = new IngestRun(request, client, destination, run.Host.Time);
            progress = ingest.Progress;
            run.Interruption.First = () => run.Messages.Info(whenStopped);
            return await view.ShowAsync(progress, ingest.RunAsync(run.Cancel), run.Host.Time);
        }
        catch when (isNew && progress.Tables.Count == 0)
        {
            DestinationFile.Remove(uri);
            throw;
        }
    }
}
