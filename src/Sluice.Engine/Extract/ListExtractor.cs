using System.Globalization;
using Sluice.CustomerIo;

namespace Sluice.Engine.Extract;

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
