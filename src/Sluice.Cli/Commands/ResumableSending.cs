using Sluice.Cli.Output;
using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Settings;
using Sluice.Sql;
using Sluice.Writes.Import;

namespace Sluice.Cli.Commands;

/// <summary>Sends rows that are prepared, of an import or a push: after whatever stops it the same command goes on.</summary>
/// <param name="run">The run.</param>
/// <param name="source">The workspace, of which rows that were fetched for queries are forgotten afterwards.</param>
internal sealed class ResumableSending(CommandRun run, SourceAddress source)
{
    /// <summary>Requests a second at most.</summary>
    public const double MostRequests = 10_000;

    /// <summary>Sends, shows how far it is, and gives the exit code.</summary>
    /// <param name="progress">How far it is.</param>
    /// <param name="send">Sends.</param>
    /// <param name="tell">Tells what became of it, and gives its exit code.</param>
    /// <exception cref="SluiceException">Customer.io has stopped it.</exception>
    public async Task<int> SendAsync<T>(ImportProgress progress, Func<CancellationToken, Task<T>> send, Func<T, int> tell)
    {
        run.HasChanged = true;
        run.Interruption.First = () => run.Messages.Info("Stopping. Run the same command again and it goes on: what is done is not sent again.");
        try
        {
            return await ShowAsync(run, progress, send, tell);
        }
        catch (CustomerIoException error)
        {
            var told = SluiceException.From(error);
            var alone = Messages.WithoutHint(told.Message, told.Hint);
            throw new SluiceException(told.Kind, alone, $"{told.Hint} Run the same command again then: it goes on.".TrimStart(), error);
        }
        finally
        {
            SqlSession.ForgetFetched(QueryOptions.CacheFolder(run, source));
        }
    }

    /// <summary>Shows how far something is until it ends, and gives the exit code.</summary>
    public static async Task<int> ShowAsync<T>(
        CommandRun run, ImportProgress progress, Func<CancellationToken, Task<T>> work, Func<T, int> tell)
    {
        var exitCode = tell(await ImportProgressView.ShowAsync(progress, work(run.Cancel), run.Messages, run.Host.Time));
        return run.Cancel.IsCancellationRequested ? ExitCode.Cancelled : exitCode;
    }
}
