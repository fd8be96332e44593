using Sluice.CustomerIo;

namespace Sluice.Engine.Extract;

/// <summary>Reads one partition from where the sink says it is to its end, page by page.</summary>
internal sealed class PartitionReader(ExtractionRun run, ExtractContext context)
{
    private readonly PageShape _shape = RequestBuilder.ShapeOf(run.Extraction.Resource);
    private readonly RecordTransform _transform = RecordTransform.For(run.Extraction);

    /// <summary>
    /// Reads to the end, or up to the first page (that one included) of which <paramref name="isEnough"/> says that nothing behind it is wanted;
    /// gives the rows of the partition, those of former runs included.
    /// </summary>
    public async Task<long> ReadAsync(
        string partition, ApiRequest request, byte[] injected, CancellationToken cancel, Func<Page, bool>? isEnough = null)
    {
        var state = run.Sink.Partition(partition);
        var rows = state.Rows;
        if (state.IsDone || run.HasEnough)
        {
            return rows;
        }

        await foreach (var page in context.Pages.ReadAsync(request, _shape, state.Next, cancel))
        {
            run.Counters.Answered(page.Attempts, page.Waited);
            rows += await KeepAsync(partition, page, injected, rows, cancel);
            if (run.HasEnough || isEnough?.Invoke(page) == true)
            {
                break;
            }
        }

        return rows;
    }

    /// <summary>Keeps a page; gives its rows.</summary>
    public async Task<int> KeepAsync(string partition, Page page, byte[] injected, long rowsBefore, CancellationToken cancel)
    {
        var draft = _transform.Draft(partition, page, InjectedColumns.Join(run.Extraction.Injected, injected), rowsBefore);
        await run.KeepAsync(draft, cancel);
        return draft.Rows;
    }

    /// <summary>Keeps pages as one, the last of their partition.</summary>
    public Task KeepAsync(string partition, IReadOnlyList<Page> pages, CancellationToken cancel)
    {
        var draft = new PageDraft(partition, pages.Sum(page => page.Body.Length)) { Last = true };
        foreach (var page in pages)
        {
            _transform.Add(draft, page, run.Extraction.Injected);
        }

        return run.KeepAsync(draft, cancel);
    }

    /// <summary>Asks for a single answer that is no list, counted like any other.</summary>
    public async Task<ApiResponse> AskAsync(ApiRequest request, CancellationToken cancel)
    {
        var answer = await context.Client.SendAsync(request, cancel);
        run.Counters.Answered(answer.Attempts, answer.Waited);
        return answer;
    }
}
