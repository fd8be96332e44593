namespace Sluice.Engine.Catalog;

/// <summary>How the next page of a list is asked for.</summary>
public enum PagingStyle
{
    /// <summary>With <c>start</c> and the cursor that the page before it gave as <c>next</c>.</summary>
    Cursor,

    /// <summary>With <c>offset</c>, the records that came so far: the answer has no cursor, and only an empty page is known to be the end.</summary>
    Offset,
}
