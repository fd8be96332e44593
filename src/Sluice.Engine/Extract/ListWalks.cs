using System.Globalization;

namespace Sluice.Engine.Extract;

/// <summary>A list read page by page, once for each variant of the request.</summary>
internal sealed class ListWalks(Feed feed, ExtractContext context) : IExtraction
{
    public async Task RunAsync(CancellationToken cancel)
    {
        var walk = new PageWalk(feed, context);
        if (feed.Resource.Variants.Count == 0)
        {
            await walk.ReadAsync("all", RequestBuilder.Build(feed.Resource, ParentRow.None), [], cancel);
        }

        foreach (var (index, variant) in feed.Resource.Variants.Index())
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"variant-{index}");
            await walk.ReadAsync(name, RequestBuilder.Build(feed.Resource, ParentRow.None, variant), [], cancel);
        }
    }
}
