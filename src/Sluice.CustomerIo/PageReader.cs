using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
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
    /// <param name="first">The request for the first page.</param>
    /// <param name="shape">Where in the answers the records are.</param>
    /// <param name="startCursor">Where an earlier reading has ended; null for the beginning.</param>
    /// <param name="together">What is counted of all lists of a table; null for a list that stands alone.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="CustomerIoException">A page could not be had, has another shape, or its cursor repeats: that page is not handed
    /// out.</exception>
    public async IAsyncEnumerable<Page> ReadAsync(
        ApiRequest first,
        PageShape shape,
        string? startCursor = null,
        StalePages? together = null,
        [EnumeratorCancellation] CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(shape);
        string? cursor = string.IsNullOrEmpty(startCursor) ? null : startCursor;
        var trail = new PageTrail(first, shape, cursor, together);
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
            try
            {
                return PageParser.Read(answer.Body, shape, asked.Endpoint);
            }
            catch (JsonException) when (JsonCheck.IsTooDeep(answer.Body.Span))
            {
                return PageParser.Read(DeepValues.Replace(answer.Body.Span), shape, asked.Endpoint);
            }
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

/// <summary>One page of a list.</summary>
public sealed record Page
{
    /// <summary>The bytes the records lie in: the answer's body, or the records made of it when it lists plain values.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Where the records are in <see cref="Body"/>, in the API's order; an empty page need not be the last.</summary>
    public required IReadOnlyList<RecordRange> Records { get; init; }

    /// <summary>The cursor this page was asked for with; null for the first.</summary>
    public string? Cursor { get; init; }

    /// <summary>The cursor of the next page; null when this is the last.</summary>
    public string? Next { get; init; }

    /// <summary>The page's number in this reading, from 1.</summary>
    public int Number { get; init; }

    /// <summary>The server's clock (its Date header), to the second.</summary>
    public DateTimeOffset? ServerTime { get; init; }

    /// <summary>The records' top-level fields.</summary>
    public required FieldProfile Fields { get; init; }

    /// <summary>Whether the body is spread over lines, so that a record may hold line breaks between its tokens (never inside its strings).</summary>
    public bool HasLineBreaks { get; init; }

    /// <summary>How many attempts the page took, at least 1.</summary>
    public int Attempts { get; init; }

    /// <summary>Time spent waiting for the budget and between attempts.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>The bytes of one record, counted from 0.</summary>
    public ReadOnlyMemory<byte> Record(int i) => Body.Slice(Records[i].Offset, Records[i].Length);
}

/// <summary>Where one record lies in a page's body.</summary>
/// <param name="Offset">First byte, from 0.</param>
/// <param name="Length">Length in bytes, at least 2.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RecordRange(int Offset, int Length);

/// <summary>Where in an answer the records are and how the next page is asked for.</summary>
public sealed record PageShape
{
    /// <summary>
    /// Root keys that may hold the records, the preferred first; empty means that the root itself is the one record (or, if it is an array, the
    /// list).
    /// </summary>
    public IReadOnlyList<string> RootKeys { get; init; } = [];

    /// <summary>The key that wraps each record, as in <c>{"customer":{…}}</c>; items without the wrapper are accepted as they are.</summary>
    public string? ItemKey { get; init; }

    /// <summary>For lists of plain values: the field name under which each value becomes a record, <c>{"name":value}</c>.</summary>
    public string? ScalarName { get; init; }

    /// <summary>
    /// Whether the reference documents a cursor for this list; a <c>next</c> that comes all the same is followed, so that no page is lost.
    /// </summary>
    public bool Paged { get; init; }

    /// <summary>The query parameter that carries the cursor, also on POST searches.</summary>
    public string CursorParameter { get; init; } = "start";

    /// <summary>The root key that holds the cursor of the next page; absent, null and "" all mean the end.</summary>
    public string NextKey { get; init; } = "next";

    /// <summary>
    /// Whether pages are asked for by how many records came so far, in <see cref="CursorParameter"/>, since the answer has no cursor: it ends with
    /// an empty page, for the API may give fewer records than it was asked for.
    /// </summary>
    public bool CountsOffset { get; init; }

    /// <summary>Whether the answer may be several JSON values instead of one (JSON lines), each a record; only without root keys.</summary>
    public bool Lines { get; init; }
}

/// <summary>Remembers the cursors of a list by eight bytes each, so that a long list stays small.</summary>
internal sealed class CursorTrail
{
    private readonly HashSet<ulong> _seen = [];

    /// <summary>False if the cursor came before.</summary>
    public bool Add(string cursor) => Add(Encoding.UTF8.GetBytes(cursor));

    /// <summary>False if the bytes came before.</summary>
    public bool Add(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return _seen.Add(BinaryPrimitives.ReadUInt64LittleEndian(hash));
    }
}
