using Sluice.CustomerIo.Errors;
using Sluice.CustomerIo.Http;

namespace Sluice.CustomerIo;

/// <summary>Sees whether the pages of a list lead anywhere: neither in a circle nor on and on without a new record.</summary>
internal sealed class PageTrail
{
    // A filter may leave many pages empty; a list that brings nothing for so long has no end.
    private const int MostStalePages = 1000;

    private readonly CursorTrail _cursors = new();
    private readonly CursorTrail _records = new();
    private readonly PageShape _shape;
    private readonly string _endpoint;
    private readonly StalePages? _together;
    private int _stale;

    public PageTrail(ApiRequest first, PageShape shape, string? cursor, StalePages? together)
    {
        (_shape, _endpoint, _together) = (shape, $"{first.Method.Method} {RequestUri.Path(first)}", together);
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
            throw PageErrors.Endless(_endpoint, $"{_stale} pages");
        }

        if (_together?.Count(isNew, _stale) is { } pages && page.Next is not null)
        {
            throw PageErrors.Endless(_endpoint, $"{pages} pages, in the lists that are read for one table,");
        }
    }

    // Without the cursor, which may be another each time.
    private static ReadOnlySpan<byte> RecordsOf(Page page) =>
        page.Body.Span[page.Records[0].Offset..(page.Records[^1].Offset + page.Records[^1].Length)];
}

/// <summary>
/// Counts the pages of all lists of a table that lead on and on: a table is read in as many lists as it has windows of time or parents, and a bound
/// for each of them alone would be none for the table.
/// </summary>
public sealed class StalePages
{
    private const int Most = 2000;

    // A list may have some: many lists that do are still many lists.
    private const int FreeInEach = 10;

    private int _pages;

    /// <summary>Gives how many there have been in succession when that is too many.</summary>
    internal int? Count(bool isNew, int staleInList)
    {
        if (isNew)
        {
            Interlocked.Exchange(ref _pages, 0);
        }

        return staleInList > FreeInEach && Interlocked.Increment(ref _pages) is var pages and >= Most ? pages : null;
    }
}
