namespace Sluice.CustomerIo;

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
