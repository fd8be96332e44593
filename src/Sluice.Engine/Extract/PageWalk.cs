using Sluice.CustomerIo;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Extract;

/// <summary>Reads one walk from where the spool says it is to its end, page by page, into the spool.</summary>
internal sealed class PageWalk(Feed feed, ExtractContext context)
{
    private readonly PageShape _shape = RequestBuilder.ShapeOf(feed.Resource);
    private readonly RecordRewriter? _rewriter = RecordRewriter.For(feed.Resource, context.Masks);

    public async Task ReadAsync(string walk, ApiRequest request, byte[] stamp, CancellationToken cancel)
    {
        var state = feed.Spool.Walk(walk);
        if (state.IsDone || feed.HasEnough)
        {
            return;
        }

        await foreach (var page in context.Pages.ReadAsync(request, _shape, state.Next, cancel))
        {
            feed.Counters.Answered(page.Attempts, page.Waited);
            await KeepAsync(walk, page, stamp, cancel);
            if (feed.HasEnough)
            {
                break;
            }
        }
    }

    /// <summary>Hands a page to the spool.</summary>
    public async Task KeepAsync(string walk, Page page, byte[] stamp, CancellationToken cancel)
    {
        var draft = _rewriter is null ? PageDraft.From(walk, page, stamp) : _rewriter.Rewrite(walk, page, stamp);
        feed.Counters.Spooled(draft.Rows, draft.Lines.Length);
        await feed.Spool.AppendAsync(draft, cancel);
    }

    /// <summary>Asks for a single answer that is no list, counted like any other.</summary>
    public async Task<ApiResponse> AskAsync(ApiRequest request, CancellationToken cancel)
    {
        var answer = await context.Client.SendAsync(request, cancel);
        feed.Counters.Answered(answer.Attempts, answer.Waited);
        return answer;
    }
}
