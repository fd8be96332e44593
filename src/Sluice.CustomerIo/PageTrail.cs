using Sluice.CustomerIo.Errors;
using Sluice.CustomerIo.Http;
using Sluice.CustomerIo.Parsing;

namespace Sluice.CustomerIo;

/// <summary>Sees whether the pages of a list lead anywhere: neither in a circle nor on and on without a new record.</summary>
internal sealed class PageTrail
{
    // A filter may leave many pages empty; a list that brings nothing for so long has no end.
    private const int MostStalePages = 100;

    private readonly CursorTrail _cursors = new();
    private readonly CursorTrail _records = new();
    private readonly PageShape _shape;
    private readonly string _endpoint;
    private int _stale;

    public PageTrail(ApiRequest first, PageShape shape, string? cursor)
    {
        (_shape, _endpoint) = (shape, $"{first.Method.Method} {RequestUri.Path(first)}");
        _ = cursor is null || _cursors.Add(cursor);
    }

    /// <exception cref="CustomerIoException">The page leads nowhere.</exception>
    public void Add(Page page)
    {
        if (page.Next is not null && !_cursors.Add(page.Next))
        {
            throw PageErrors.Repeated(_endpoint, page);
        }

        bool isNew = page.Records.Count > 0 && _records.Add(RecordsOf(page));
        if (_shape.CountsOffset && page.Records.Count > 0 && !isNew)
        {
            throw PageErrors.RepeatedPage(_endpoint, _shape.CursorParameter, page);
        }

        _stale = isNew ? 0 : _stale + 1;
        if (_stale >= MostStalePages && page.Next is not null)
        {
            throw PageErrors.Endless(_endpoint, _stale);
        }
    }

    // Without the cursor, which may be another each time.
    private static ReadOnlySpan<byte> RecordsOf(Page page) =>
        page.Body.Span[page.Records[0].Offset..(page.Records[^1].Offset + page.Records[^1].Length)];
}
