using System.Globalization;
using System.Text.Json;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;

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

        await foreach (var page in context.Pages.ReadAsync(request, _shape, state.Next, run.Stale, cancel))
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

/// <summary>A partition of which Customer.io says how many records it has: the number is kept beside its pages, for the account at the end.</summary>
internal sealed class CountedPartitionReader(ExtractionRun run, PartitionReader reader, CountRule rule)
{
    public async Task ReadAsync(string name, ParentRow row, Func<Task<long>> read, CancellationToken cancel)
    {
        var expected = run.Sink.Partition(name).Expected;
        if (expected is null)
        {
            expected = await CountAsync(row, cancel);
            await KeepAsync(name, expected, cancel);
        }

        var rows = await read();
        if (expected > rows && !run.HasEnough && rule.Path is not null)
        {
            // Records may have gone while the list was read: only what is missing by the later number is missing.
            await KeepAsync(name, Math.Min(expected.Value, await CountAsync(row, cancel) ?? expected.Value), cancel);
        }
    }

    private async Task KeepAsync(string name, long? expected, CancellationToken cancel)
    {
        if (expected is { } count)
        {
            await run.Sink.ExpectAsync(name, count, cancel);
        }
    }

    private async Task<long?> CountAsync(ParentRow row, CancellationToken cancel)
    {
        if (rule.Path is null)
        {
            return long.TryParse(row.Text(rule.Column!), CultureInfo.InvariantCulture, out var told) ? told : null;
        }

        var request = RequestBuilder.Build(
            run.Extraction.Resource with
            {
                Path = rule.Path,
                Query = new Dictionary<string, string>(),
                PageSize = null,
                Body = null,
            },
            row);
        var answer = await reader.AskAsync(request, cancel);
        using var document = JsonDocument.Parse(answer.Body);
        return
            document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty(rule.Key, out var count)
            && count.TryGetInt64(out var number)
            ? number
            : throw new SluiceException(
                SluiceErrorKind.Api, $"{request.Method.Method} {rule.Path} answered without the number {rule.Key}.",
                "Customer.io may have changed the answer. Nothing was written; please report it with this message.");
    }
}
