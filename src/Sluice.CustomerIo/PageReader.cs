using System.Globalization;
using System.Runtime.CompilerServices;
using Sluice.CustomerIo.Http;

namespace Sluice.CustomerIo;

/// <summary>Reads a list page by page until its cursor ends: absent, null or "" (all three occur, Customer.io App API reference).</summary>
public sealed class PageReader(CustomerIoClient client)
{
    /// <summary>
    /// Reads from the first page, or from a cursor of an earlier reading; a cursor that comes twice ends it with an error, never in a loop.
    /// </summary>
    /// <exception cref="CustomerIoException">A page could not be had, has another shape, or its cursor repeats: that page is not handed
    /// out.</exception>
    public async IAsyncEnumerable<Page> ReadAsync(
        ApiRequest first,
        PageShape shape,
        string? startCursor = null,
        [EnumeratorCancellation] CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(shape);
        string? cursor = string.IsNullOrEmpty(startCursor) ? null : startCursor;
        var trail = new PageTrail(first, shape, cursor);
        for (int number = 1; ; number++)
        {
            ApiRequest request = cursor is null ? first : first.WithQuery(shape.CursorParameter, cursor);
            (Page page, BodyShare? body) = await ReadPageAsync(request, shape, cursor, number, cancel);

            // Until the caller has done with the page.
            using BodyShare? share = body;
            trail.Add(page);
            yield return page;
            if (page.Next is null)
            {
                yield break;
            }

            cursor = page.Next;
        }
    }

    private async Task<(Page Page, BodyShare? Share)> ReadPageAsync(
        ApiRequest request, PageShape shape, string? cursor, int number, CancellationToken cancel)
    {
        DateTimeOffset? serverTime = null;
        (Page page, Call call) = await client.SendAsync<Page>(request, Parse, cancel);
        page = page with
        {
            Cursor = cursor,
            Next = shape.CountsOffset ? NextOffset(cursor, page.Records.Count) : page.Next,
            Number = number,
            ServerTime = serverTime,
            Attempts = call.Attempts,
            Waited = call.Waited,
        };
        return (page, call.Share);

        Reading<Page> Parse(ApiResponse answer, Call asked)
        {
            serverTime = answer.ServerTime;
            return PageParser.Read(answer.Body, shape, asked.Endpoint);
        }
    }

    private static string? NextOffset(string? cursor, int records) => records == 0
        ? null
        : ((cursor is null ? 0 : long.Parse(cursor, CultureInfo.InvariantCulture)) + records).ToString(CultureInfo.InvariantCulture);
}
