namespace Sluice.Engine.Extract.Exports;

/// <summary>Reads by exports, a few side by side: Customer.io makes them one after the other anyway.</summary>
internal sealed class ExportExtractor(ExtractionRun run, ExtractContext context) : IExtractor
{
    private const int AtATime = 3;

    public async Task RunAsync(CancellationToken cancel)
    {
        var requests = new ExportApi(run, context);
        using var asking = new ExportCreation(run, context, requests);
        var read = new ExportFileReader(run, context, requests, asking);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Min(AtATime, context.Parallelism), CancellationToken = cancel };
        await Parallel.ForEachAsync(Questions(cancel), options, async (question, token) => await read.RunAsync(question, token));
    }

    private IAsyncEnumerable<ExportRequest> Questions(CancellationToken cancel) =>
        run.Extraction.Resource.ExportParents.Count > 0
            ? new DeliveryExportRequests(run).AllAsync(cancel)
            : new PeopleExportRequests(run, context).AllAsync(cancel);
}

/// <summary>One export to ask Customer.io for.</summary>
/// <param name="Partition">Its name in the manifest: the same in a run that goes on.</param>
/// <param name="Title">What it is, for people.</param>
/// <param name="Body">The body of the POST.</param>
/// <param name="Injected">What all of its rows have besides the file's columns, as raw JSON by field.</param>
internal sealed record ExportRequest(string Partition, string Title, ReadOnlyMemory<byte> Body, IReadOnlyDictionary<string, string> Injected);
