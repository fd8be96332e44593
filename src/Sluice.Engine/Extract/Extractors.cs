using System.Globalization;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract.Exports;

namespace Sluice.Engine.Extract;

/// <summary>One way of reading all records of an extraction into its sink; goes on where a former run stopped.</summary>
internal interface IExtractor
{
    Task RunAsync(CancellationToken cancel);
}

/// <summary>What all extractors of a run share.</summary>
/// <param name="Client">The one client, with the one budget.</param>
/// <param name="Parallelism">Partitions of one extraction that may wait for an answer at the same time.</param>
internal sealed record ExtractContext(CustomerIoClient Client, int Parallelism)
{
    /// <summary>The clock for waits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public PageReader Pages { get; } = new(Client);

    public ParallelOptions Options(CancellationToken cancel) => new() { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancel };
}

/// <summary>Chooses the way of reading that the catalog names.</summary>
internal static class Extractors
{
    // With a limit one after another: partitions that are asked side by side would all read a page before the first has brought enough.
    public static IExtractor For(ExtractionRun run, ExtractContext context) =>
        Choose(run, run.Extraction.Limit is null ? context : context with { Parallelism = 1 });

    private static IExtractor Choose(ExtractionRun run, ExtractContext context) =>
        run.Extraction.Key.Slice is not null
            ? new SplitExtractor(run)
            : run.Extraction.Resource.Reading switch
            {
                ReadingKind.List or ReadingKind.People => new ListExtractor(run, context),
                ReadingKind.Windows => new WindowExtractor(run, context),
                ReadingKind.PerParent or ReadingKind.PerPerson or ReadingKind.Objects => new ParentExtractor(run, context),
                ReadingKind.Metrics => new MetricsExtractor(run, context),
                ReadingKind.Hydrate => new BatchLookupExtractor(run, context),
                ReadingKind.Export => new ExportExtractor(run, context),
                _ => throw new InvalidOperationException($"No extractor reads {run.Extraction.Resource.Reading}."),
            };
}

/// <summary>A list read page by page, once for each variant of the request.</summary>
internal sealed class ListExtractor(ExtractionRun run, ExtractContext context) : IExtractor
{
    public async Task RunAsync(CancellationToken cancel)
    {
        var reader = new PartitionReader(run, context);
        foreach (var (index, variant) in RequestBuilder.VariantsOf(run.Extraction.Resource).Index())
        {
            var name = variant is null ? "all" : string.Create(CultureInfo.InvariantCulture, $"variant-{index}");
            await reader.ReadAsync(
                name,
                RequestBuilder.Build(run.Extraction.Resource, ParentRow.None, variant),
                InjectedColumns.Of(run.Extraction.Resource, ParentRow.None, variant),
                cancel,
                IsKnown);
        }
    }

    // The newest come first: once a whole page is older than the bound, so is everything behind it.
    private bool IsKnown(Page page) =>
        run.Extraction.Resource.NewestFirstBy is { } column
        && run.Range.Start is { } bound
        && page.Records.Count > 0
        && Enumerable.Range(0, page.Records.Count).All(i => RecordFields.TimeOf(page.Record(i), column) < bound.ToUnixTimeSeconds());
}
