using System.Globalization;
using Sluice.CustomerIo;

namespace Sluice.Engine.Extract;

/// <summary>A list read page by page, once for each variant of the request.</summary>
internal sealed class ListWalks(Feed feed, ExtractContext context) : IExtraction
{
    public async Task RunAsync(CancellationToken cancel)
    {
        var walk = new PageWalk(feed, context);
        if (feed.Resource.Variants.Count == 0)
        {
            await walk.ReadAsync("all", RequestBuilder.Build(feed.Resource, ParentRow.None), [], cancel, IsKnown);
        }

        foreach (var (index, variant) in feed.Resource.Variants.Index())
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"variant-{index}");
            await walk.ReadAsync(name, RequestBuilder.Build(feed.Resource, ParentRow.None, variant), [], cancel, IsKnown);
        }
    }

    // The newest come first: once a whole page is older than the bound, so is everything behind it.
    private bool IsKnown(Page page) =>
        feed.Resource.NewestFirstBy is { } column
        && feed.Range.Start is { } bound
        && page.Records.Count > 0
        && Enumerable.Range(0, page.Records.Count).All(i => RecordTime.Of(page.Record(i), column) < bound.ToUnixTimeSeconds());
}
