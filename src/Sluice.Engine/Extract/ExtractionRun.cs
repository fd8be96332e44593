
namespace Sluice.Engine.Extract;

/// <summary>An extraction while it is read: where its pages go, and what it has cost so far.</summary>
internal class ExtractionRun(Extraction extraction, IPageSink sink, ExtractionRun? parent = null)
{
    public Extraction Extraction { get; } = extraction;

    public virtual IPageSink Sink => sink;

    /// <summary>The reading of the extraction that leads to this one.</summary>
    public virtual ExtractionRun? Parent => parent;

    public ExtractionCounters Counters { get; protected set; } = new();

    /// <summary>The part of time that is read: one that goes on may have begun earlier than is asked for.</summary>
    public ExtractionRange Range { get; protected set; } = extraction.Range;

    public bool HasEnough => Sink.HasEnough || Counters.Rows >= Extraction.Limit;

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
