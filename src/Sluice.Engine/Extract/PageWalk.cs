using Sluice.CustomerIo;
using Sluice.Engine.Shape;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Extract;

/// <summary>Reads one walk from where the spool says it is to its end, page by page, into the spool.</summary>
internal sealed class PageWalk(Feed feed, ExtractContext context)
{
    private readonly PageShape _shape = RequestBuilder.ShapeOf(feed.Resource);
    private readonly RecordRewriter? _rewriter = RecordRewriter.For(feed.Resource, feed.Masks);
    private readonly Unfolding? _unfolding = Unfolding.For(feed.Resource);

    /// <summary>
    /// Reads to the end, or up to the first page (that one included) of which <paramref name="isEnough"/> says that nothing behind it is wanted;
    /// gives the rows of the walk, those of former runs included.
    /// </summary>
    public async Task<long> ReadAsync(string walk, ApiRequest request, byte[] stamp, CancellationToken cancel, Func<Page, bool>? isEnough = null)
    {
        var state = feed.Spool.Walk(walk);
        var rows = state.Rows;
        if (state.IsDone || feed.HasEnough)
        {
            return rows;
        }

        await foreach (var page in context.Pages.ReadAsync(request, _shape, state.Next, cancel))
        {
            feed.Counters.Answered(page.Attempts, page.Waited);
            var kept = _unfolding?.Apply(page, rows) ?? page;
            rows += kept.Records.Count;
            await KeepAsync(walk, kept, stamp, cancel);
            if (feed.HasEnough || isEnough?.Invoke(page) == true)
            {
                break;
            }
        }

        return rows;
    }

    /// <summary>Hands a page to the spool.</summary>
    public async Task KeepAsync(string walk, Page page, byte[] stamp, CancellationToken cancel)
    {
        await KeepAsync(DraftOf(walk, page, stamp), cancel);
    }

    /// <summary>Hands pages to the spool as one, the last of their walk.</summary>
    public async Task KeepAsync(string walk, IReadOnlyList<Page> pages, CancellationToken cancel)
    {
        var whole = new PageDraft(walk, pages.Sum(page => page.Body.Length)) { Last = true };
        foreach (var page in pages)
        {
            whole.Add(DraftOf(walk, page, []));
        }

        await KeepAsync(whole, cancel);
    }

    /// <summary>Asks for a single answer that is no list, counted like any other.</summary>
    public async Task<ApiResponse> AskAsync(ApiRequest request, CancellationToken cancel)
    {
        var answer = await context.Client.SendAsync(request, cancel);
        feed.Counters.Answered(answer.Attempts, answer.Waited);
        return answer;
    }

    private PageDraft DraftOf(string walk, Page page, byte[] stamp)
    {
        var draft = Plain(walk, page, stamp);
        return feed.Flattening is { } flattening ? new RecordFlattener(flattening).Apply(draft) : draft;
    }

    private PageDraft Plain(string walk, Page page, byte[] stamp) =>
        _rewriter is null ? PageDraft.From(walk, page, InjectedColumns.Join(feed.Stamp, stamp)) : _rewriter.Rewrite(walk, page, InjectedColumns.Join(feed.Stamp, stamp));

    private async Task KeepAsync(PageDraft draft, CancellationToken cancel)
    {
        feed.Counters.Spooled(draft.Rows, draft.Lines.Length);
        await feed.Spool.AppendAsync(draft, cancel);
    }
}
