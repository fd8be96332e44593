using Sluice.CustomerIo;

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
        await ReadAllAsync(TimeWindow.Cover(start, end, feed.Resource.Window!.MaxDays), gate, cancel);
    }

    private async Task ReadAllAsync(IEnumerable<TimeWindow> windows, SemaphoreSlim gate, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var tasks = windows.Select(window => StopOthersOnFailureAsync(window, gate, stop)).ToList();
        await Task.WhenAll(tasks);
    }

    private async Task StopOthersOnFailureAsync(TimeWindow window, SemaphoreSlim gate, CancellationTokenSource stop)
    {
        try
        {
            await ReadAsync(window, gate, stop.Token);
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }

    private async Task ReadAsync(TimeWindow window, SemaphoreSlim gate, CancellationToken cancel)
    {
        var state = feed.Spool.Walk(window.Id);
        var parts = state.SplitInto?.Select(TimeWindow.Parse).ToList();
        if (parts is null && !state.IsDone)
        {
            await gate.WaitAsync(cancel);
            try
            {
                parts = state.Pages > 0 ? await FollowAsync(window, cancel) : await BeginAsync(window, cancel);
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

    private async Task<List<TimeWindow>?> FollowAsync(TimeWindow window, CancellationToken cancel)
    {
        await _walk.ReadAsync(window.Id, Request(window), [], cancel);
        return null;
    }

    /// <summary>Reads the first page; when it tells of a long window, its rows are left to the parts, which read them again.</summary>
    private async Task<List<TimeWindow>?> BeginAsync(TimeWindow window, CancellationToken cancel)
    {
        if (feed.HasEnough)
        {
            return null;
        }

        await foreach (var page in context.Pages.ReadAsync(Request(window), RequestBuilder.ShapeOf(feed.Resource), null, cancel))
        {
            feed.Counters.Answered(page.Attempts, page.Waited);
            if (page.Number == 1 && PartsFor(page, window) is { Count: > 1 } parts)
            {
                await feed.Spool.SplitAsync(window.Id, [.. parts.Select(part => part.Id)], cancel);
                return parts;
            }

            await _walk.KeepAsync(window.Id, page, [], cancel);
            if (feed.HasEnough)
            {
                break;
            }
        }

        return null;
    }

    private List<TimeWindow>? PartsFor(Page page, TimeWindow window)
    {
        if (feed.Limit is not null || string.IsNullOrEmpty(page.Next) || page.Records.Count < (feed.Resource.PageSize ?? int.MaxValue))
        {
            return null;
        }

        var pages = PageDensity.PagesIn(page, window, feed.Resource.Window!.Column);
        return pages < PagesWorthSplitting ? null : [.. window.Split((int)Math.Clamp(pages / PagesOfAPart, 2, MostParts))];
    }

    // One second more on both sides: whether the API counts the ends in is not documented, and a row read twice is only one row.
    private ApiRequest Request(TimeWindow window) =>
        RequestBuilder.Build(feed.Resource, ParentRow.None, window: new TimeWindow(window.Start - 1, window.End + 1));
}
