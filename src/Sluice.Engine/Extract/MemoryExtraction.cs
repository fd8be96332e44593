using System.Runtime.CompilerServices;

namespace Sluice.Engine.Extract;

/// <summary>Reads an extraction, and those that lead to it, into memory; whoever stops taking pages stops the requests.</summary>
internal sealed class MemoryExtraction
{
    private readonly List<ExtractionRun> _runs = [];

    /// <param name="extraction">What is read.</param>
    /// <param name="began">The time by Customer.io's clock.</param>
    /// <param name="mostRows">Rows after which no more is asked for; null for all.</param>
    public MemoryExtraction(Extraction extraction, DateTimeOffset began, long? mostRows = null)
    {
        Sink = new MemoryPageSink(began, mostRows);
        _runs.Add(new ExtractionRun(extraction, Sink, Lead(extraction.Parent, began)));
    }

    /// <summary>Takes the pages; what it says of fields, skipped partitions and counts is whole once the pages have ended.</summary>
    public MemoryPageSink Sink { get; }

    /// <summary>Requests so far, with those for the lists that lead to it.</summary>
    public long Requests => _runs.Sum(run => run.Counters.Requests);

    /// <summary>Reads, and gives each page's lines as soon as it has come.</summary>
    /// <exception cref="ExtractionFailedException">Customer.io refused or failed.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(ExtractContext context, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var reading = Task.WhenAll(_runs.Select(run => run.ReadAsync(context, stop.Token)));
        try
        {
            await foreach (var page in Sink.PagesAsync(cancel))
            {
                yield return page;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }
    }

    private ExtractionRun? Lead(Extraction? parent, DateTimeOffset began)
    {
        if (parent is null)
        {
            return null;
        }

        var run = new ExtractionRun(parent, new MemoryPageSink(began), Lead(parent.Parent, began));
        _runs.Add(run);
        return run;
    }
}
