using System.Runtime.CompilerServices;
using Sluice.CustomerIo;

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

/// <summary>Keeps pages in memory and nothing on disk, for a question whose answer is wanted once and perhaps only in part.</summary>
/// <param name="began">The time at which the reading begins, by Customer.io's clock.</param>
/// <param name="mostRows">Rows after which no more is asked for; null for all.</param>
internal sealed class MemoryPageSink(DateTimeOffset began, long? mostRows = null) : PageSink
{
    private readonly List<ReadOnlyMemory<byte>> _pages = [];

    public override DateTimeOffset Began => began;

    public override bool HasEnough => Rows >= mostRows;

    /// <summary>The records' fields so far.</summary>
    public FieldProfile Fields { get; } = new();

    public override ValueTask AppendAsync(PageDraft page, CancellationToken cancel)
    {
        lock (Gate)
        {
            _pages.Add(page.Lines);
            Fields.Add(page.Fields);
            AddPage(page.Partition, page.Rows, page.Lines.Length, page.Next, page.Last);
            Signal();
        }

        return ValueTask.CompletedTask;
    }

    public override ValueTask SkipAsync(string partition, string reason, CancellationToken cancel) =>
        ChangeAsync(partition, state => state.Skip(reason));

    public override ValueTask ExpectAsync(string partition, long expected, CancellationToken cancel) =>
        ChangeAsync(partition, state => state.Expect(expected));

    public override ValueTask SplitAsync(string partition, IReadOnlyList<string> into, CancellationToken cancel) =>
        ChangeAsync(partition, state => state.Split(into));

    public override Task NoteAsync(string partition, string name, string value, CancellationToken cancel) =>
        ChangeAsync(partition, state => state.Note(name, value)).AsTask();

    public override async IAsyncEnumerable<ReadOnlyMemory<byte>> PagesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        for (var i = 0; await WaitAsync(() => _pages.Count > i, cancel); i++)
        {
            if (PageAt(i) is { IsEmpty: false } page)
            {
                yield return page;
            }
        }
    }

    public override Task CompleteAsync(CancellationToken cancel)
    {
        lock (Gate)
        {
            MarkComplete();
            Signal();
        }

        return Task.CompletedTask;
    }

    private ReadOnlyMemory<byte> PageAt(int index)
    {
        lock (Gate)
        {
            return _pages[index];
        }
    }

    private ValueTask ChangeAsync(string partition, Action<PartitionState> change)
    {
        lock (Gate)
        {
            Change(partition, change);
        }

        return ValueTask.CompletedTask;
    }
}
