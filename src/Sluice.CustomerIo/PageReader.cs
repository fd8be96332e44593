using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Sluice.CustomerIo.Errors;
using Sluice.CustomerIo.Http;
using Sluice.CustomerIo.Parsing;

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
        var trail = new CursorTrail();
        string? cursor = string.IsNullOrEmpty(startCursor) ? null : startCursor;
        _ = cursor is null || trail.Add(cursor);
        var bodies = new CursorTrail();
        for (int number = 1; ; number++)
        {
            ApiRequest request = cursor is null ? first : first.WithQuery(shape.CursorParameter, cursor);
            Page page = await ReadPageAsync(request, shape, cursor, number, cancel);
            if (page.Next is not null && !trail.Add(page.Next))
            {
                throw PageErrors.Repeated($"{first.Method.Method} {RequestUri.Path(first)}", page);
            }

            if (shape.CountsOffset && page.Records.Count > 0 && !bodies.Add(page.Body.Span))
            {
                throw PageErrors.RepeatedPage($"{first.Method.Method} {RequestUri.Path(first)}", shape.CursorParameter, page);
            }

            yield return page;
            if (page.Next is null)
            {
                yield break;
            }

            cursor = page.Next;
        }
    }

    private async Task<Page> ReadPageAsync(ApiRequest request, PageShape shape, string? cursor, int number, CancellationToken cancel)
    {
        DateTimeOffset? serverTime = null;
        (Page page, Call call) = await client.SendAsync<Page>(request, Parse, cancel);
        return page with
        {
            Cursor = cursor,
            Next = shape.CountsOffset ? NextOffset(cursor, page.Records.Count) : page.Next,
            Number = number,
            ServerTime = serverTime,
            Attempts = call.Attempts,
            Waited = call.Waited,
        };

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

/// <summary>Finds the records, their fields and the next cursor in an answer, in one pass that is also the check that it is valid JSON.</summary>
public static class PageParser
{
    /// <summary>Parses a body of at most 2 GiB; the endpoint is only used in errors.</summary>
    /// <exception cref="JsonException">The body is not valid UTF-8 JSON.</exception>
    /// <exception cref="CustomerIoException">The JSON is not of the given shape (Envelope), reports an error (Envelope), or has a strange cursor
    /// (Cursor).</exception>
    public static Page Parse(ReadOnlyMemory<byte> body, PageShape shape, string endpoint = "")
    {
        var reading = Read(body, shape, endpoint);
        return reading.Reported is { } reported
            ? throw PageErrors.Reported(endpoint, reported)
            : reading.Value!;
    }

    internal static Reading<Page> Read(ReadOnlyMemory<byte> body, PageShape shape, string endpoint)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var text = JsonCheck.Utf8Of(body);
        var parser = new BodyParser(text.Span, shape, endpoint);
        var mayReportErrors = parser.Run();
        return mayReportErrors && ErrorBody.FindReported(text) is { } reported
            ? new Reading<Page>(null, reported)
            : new Reading<Page>(parser.Finish(text), null);
    }
}
