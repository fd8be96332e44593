using Sluice.CustomerIo;
using Sluice.Engine.Extract;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Runs;

/// <summary>Reads a feed to its end into its spool, and tells all who wait for it when that fails.</summary>
internal static class FeedRunner
{
    public static async Task RunAsync(Feed feed, ExtractContext context, CancellationToken cancel)
    {
        if (feed.Spool.IsComplete)
        {
            return;
        }

        try
        {
            await Extractions.For(feed, context).RunAsync(cancel);
            await feed.Spool.CompleteAsync(cancel);
        }
        catch (Exception error)
        {
            // The tables that wait for this feed report the failure: each once, with its own name.
            feed.Spool.Fail(error);
        }
    }

    /// <summary>The error behind wrappers, in the engine's terms.</summary>
    public static SluiceException Explain(Exception error, string table) => error switch
    {
        SluiceException known => known,
        FeedFailedException failed => Explain(failed.InnerException!, table),
        AggregateException { InnerException: { } inner } => Explain(inner, table),
        CustomerIoException api => SluiceException.From(api, table),
        OperationCanceledException => new SluiceException(SluiceErrorKind.Cancelled, "Stopped on request.", "Run the same command again: it goes on."),
        _ => new SluiceException(SluiceErrorKind.Unexpected, $"{error.GetType().Name}: {error.Message}", "Please report this with --debug output.", error),
    };
}
