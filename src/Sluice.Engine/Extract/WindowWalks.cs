using System.Globalization;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract;

/// <summary>
/// Time windows read side by side. A window whose first page shows that it is long is replaced by smaller ones: a cursor can only be
/// followed page after page, and one such chain does not use the budget when answers are slow.
/// </summary>
internal sealed class WindowWalks(Feed feed, ExtractContext context) : IExtraction
{
    private const int PagesWorthSplitting = 24;
    private const int PagesOfAPart = 8;
    private const int MostParts = 16;

    private readonly PageWalk _walk = new(feed, context);

    public async Task RunAsync(CancellationToken cancel)
    {
        var start = feed.Range.Start ?? TimeWindow.Beginning;
        var end = feed.Range.End ?? feed.Spool.Began;
        using var gate = new SemaphoreSlim(context.Parallelism);
        var windows = TimeWindow.Cover(start, end, feed.Resource.Window!.MaxDays);
        await ReadAllAsync(RequestVariants.Of(feed.Resource).Index().SelectMany(one => windows.Select(window => new Walk(window, one.Item, one.Index))), gate, cancel);
    }

    private async Task ReadAllAsync(IEnumerable<Walk> walks, SemaphoreSlim gate, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var tasks = walks.Select(walk => StopOthersOnFailureAsync(walk, gate, stop)).ToList();
        await Task.WhenAll(tasks);
    }

    private async Task StopOthersOnFailureAsync(Walk walk, SemaphoreSlim gate, CancellationTokenSource stop)
    {
        try
        {
            await ReadAsync(walk, gate, stop.Token);
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }

    private async Task ReadAsync(Walk walk, SemaphoreSlim gate, CancellationToken cancel)
    {
        var state = feed.Spool.Walk(walk.Id);
        var parts = state.SplitInto?.Select(walk.PartOf).ToList();
        if (parts is null && !state.IsDone)
        {
            await gate.WaitAsync(cancel);
            try
            {
                parts = state.Pages > 0 ? await FollowAsync(walk, cancel) : await BeginAsync(walk, cancel);
            }
            finally
            {
                gate.Release();
            }
        }

        if (parts is not null)
        {
            await ReadAllAsync(parts, gate, cancel);
        }
    }

    private async Task<List<Walk>?> FollowAsync(Walk walk, CancellationToken cancel)
    {
        await _walk.ReadAsync(walk.Id, Request(walk), [], cancel);
        return null;
    }

    /// <summary>Reads the first page; when it tells of a long window, its rows are left to the parts, which read them again.</summary>
    private async Task<List<Walk>?> BeginAsync(Walk walk, CancellationToken cancel)
    {
        if (feed.HasEnough)
        {
            return null;
        }

        await foreach (var page in context.Pages.ReadAsync(Request(walk), RequestBuilder.ShapeOf(feed.Resource), null, cancel))
        {
            feed.Counters.Answered(page.Attempts, page.Waited);
            if (page.Number == 1 && PartsFor(page, walk) is { Count: > 1 } parts)
            {
                await feed.Spool.SplitAsync(walk.Id, [.. parts.Select(part => part.Id)], cancel);
                return parts;
            }

            await _walk.KeepAsync(walk.Id, page, [], cancel);
            if (feed.HasEnough)
            {
                break;
            }
        }

        return null;
    }

    private List<Walk>? PartsFor(Page page, Walk walk)
    {
        if (feed.Limit is not null || string.IsNullOrEmpty(page.Next) || page.Records.Count < (feed.Resource.PageSize ?? int.MaxValue))
        {
            return null;
        }

        var pages = PageDensity.PagesIn(page, walk.Window, feed.Resource.Window!.Column);
        return pages < PagesWorthSplitting ? null : [.. walk.Window.Split((int)Math.Clamp(pages / PagesOfAPart, 2, MostParts)).Select(part => walk with { Window = part })];
    }

    // One second more on both sides: whether the API counts the ends in is not documented, and a row read twice is only one row.
    // One second more on both sides: whether the API counts the ends in is not documented, and a row read twice is only one row.
    private ApiRequest Request(Walk walk) =>
        RequestBuilder.Build(feed.Resource, ParentRow.None, walk.Variant, new TimeWindow(walk.Window.Start - 1, walk.Window.End + 1));

    // A window of one of the requests that together give the whole.
    private sealed record Walk(TimeWindow Window, RequestVariant? Variant, int Place)
    {
        public string Id => Variant is null ? Window.Id : string.Create(CultureInfo.InvariantCulture, $"v{Place}:{Window.Id}");

        public Walk PartOf(string id) => this with { Window = TimeWindow.Parse(id[(id.IndexOf(':', StringComparison.Ordinal) + 1)..]) };
    }
}
