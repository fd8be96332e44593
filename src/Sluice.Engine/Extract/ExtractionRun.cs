using Sluice.CustomerIo;

namespace Sluice.Engine.Extract;

/// <summary>An extraction while it is read: where its pages go, and what it has cost so far.</summary>
internal class ExtractionRun(Extraction extraction, IPageSink sink, ExtractionRun? parent = null)
{
    public Extraction Extraction { get; } = extraction;

    public virtual IPageSink Sink => sink;

    /// <summary>The reading of the extraction that leads to this one.</summary>
    public virtual ExtractionRun? Parent => parent;

    public ExtractionCounters Counters { get; protected set; } = new();

    /// <summary>Sees that its lists together don't go on and on without a record.</summary>
    public StalePages Stale { get; } = new();

    /// <summary>The part of time that is read: one that goes on may have begun earlier than is asked for.</summary>
    public ExtractionRange Range { get; protected set; } = extraction.Range;

    /// <summary>The time before which nothing came, as far as this reading has found out; null if it has not.</summary>
    public DateTimeOffset? First { get; set; }

    /// <summary>The readings that this one only leads to; empty when somebody wants its own rows.</summary>
    public List<ExtractionRun> OnlyFor { get; } = [];

    /// <summary>Whether nothing more needs to be asked for: a list that only leads to others has enough when they have.</summary>
    public bool HasEnough =>
        Sink.HasEnough || Counters.Rows >= Extraction.Limit || (OnlyFor.Count > 0 && OnlyFor.TrueForAll(child => child.HasEnough));

    /// <summary>The sink for whole files.</summary>
    public IFileSink Files =>
        Sink as IFileSink
        ?? throw new SluiceException(
            SluiceErrorKind.Config,
            $"{Extraction.Key.Title} is read by export, and an export needs a place for its file.",
            "Read it with `sluice ingest`, or without via: export.");

    /// <summary>Reads to the end; what goes wrong is told to those who wait for the pages: each reports it once, under its own name.</summary>
    public async Task ReadAsync(ExtractContext context, CancellationToken cancel)
    {
        try
        {
            await Extractors.For(this, context).RunAsync(cancel);
            await Sink.CompleteAsync(cancel);
        }
        catch (Exception error)
        {
            Sink.Fail(error);
        }
    }

    /// <summary>Counts a page and hands it over.</summary>
    public async Task KeepAsync(PageDraft page, CancellationToken cancel)
    {
        Counters.Kept(page.Rows, page.Lines.Length);
        await Sink.AppendAsync(page, cancel);
    }
}

/// <summary>What an extraction has cost and brought so far; many partitions count at once.</summary>
internal sealed class ExtractionCounters
{
    private long _requests;
    private long _retries;
    private long _pages;
    private long _rows;
    private long _bytes;
    private long _waited;
    private long _parents;

    public long Requests => Interlocked.Read(ref _requests);

    public long Retries => Interlocked.Read(ref _retries);

    public long Pages => Interlocked.Read(ref _pages);

    public long Rows => Interlocked.Read(ref _rows);

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Rows of the parent that have been asked for.</summary>
    public long Parents => Interlocked.Read(ref _parents);

    public TimeSpan Waited => TimeSpan.FromTicks(Interlocked.Read(ref _waited));

    public void Answered(int attempts, TimeSpan waited)
    {
        Interlocked.Add(ref _requests, attempts);
        Interlocked.Add(ref _retries, attempts - 1);
        Interlocked.Add(ref _waited, waited.Ticks);
    }

    public void Kept(int rows, long bytes)
    {
        Interlocked.Increment(ref _pages);
        Interlocked.Add(ref _rows, rows);
        Interlocked.Add(ref _bytes, bytes);
    }

    public void ParentTaken() => Interlocked.Increment(ref _parents);

    /// <summary>Rows that a former run had spooled already.</summary>
    public void Found(long rows, long bytes)
    {
        Interlocked.Add(ref _rows, rows);
        Interlocked.Add(ref _bytes, bytes);
    }
}
