namespace Sluice.Engine.Extract.Exports;

/// <summary>Reads a feed by exports, a few side by side: Customer.io makes them one after the other anyway.</summary>
internal sealed class ExportWalks(Feed feed, ExtractContext context) : IExtraction
{
    private const int AtATime = 3;

    public async Task RunAsync(CancellationToken cancel)
    {
        var requests = new ExportRequests(feed, context);
        using var asking = new ExportAsking(feed, context, requests);
        var read = new ExportRead(feed, context, requests, asking);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Min(AtATime, context.Parallelism), CancellationToken = cancel };
        await Parallel.ForEachAsync(Questions(cancel), options, async (question, token) => await read.RunAsync(question, token));
    }

    private IAsyncEnumerable<ExportQuestion> Questions(CancellationToken cancel) =>
        feed.Resource.ExportParents.Count > 0 ? new DeliveryQuestions(feed).AllAsync(cancel) : new PeopleQuestions(feed, context).AllAsync(cancel);
}
