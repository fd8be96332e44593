using System.Globalization;
using Sluice.CustomerIo;

namespace Sluice.Engine.Extract;

/// <summary>A list read page by page, once for each variant of the request.</summary>
internal sealed class ListWalks(Feed feed, ExtractContext context) : IExtraction
{
    public async Task RunAsync(CancellationToken cancel)
    {
        var walk = new PageWalk(feed, context);
        foreach (var (index, variant) in RequestVariants.Of(feed.Resource).Index())
        {
            var name = variant is null ? "all" : string.Create(CultureInfo.InvariantCulture, $"variant-{index}");
            await walk.ReadAsync(name, RequestBuilder.Build(feed.Resource, ParentRow.None, variant), ParentStamp.Of(feed.Resource, ParentRow.None, variant), cancel, IsKnown);
        }
    }

    // The newest come first: once a whole page is older than the bound, so is everything behind it.
    private bool IsKnown(Page page) =>
        feed.Resource.NewestFirstBy is { } column
        && feed.Range.Start is { } bound
        && page.Records.Count > 0
        && Enumerable.Range(0, page.Records.Count).All(i => RecordTime.Of(page.Record(i), column) < bound.ToUnixTimeSeconds());
}
