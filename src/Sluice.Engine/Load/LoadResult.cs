using Sluice.Engine.Shape;

namespace Sluice.Engine.Load;

/// <summary>What a commit did.</summary>
public sealed record LoadResult
{
    /// <summary>Rows of this load that are in the table now.</summary>
    public long Loaded { get; init; }

    /// <summary>Records that came more than once and count once.</summary>
    public long Doubled { get; init; }

    /// <summary>Values that did not fit their column and are kept in <c>_sluice_rejects</c>.</summary>
    public long Rejected { get; init; }

    /// <summary>Rows in the table after the commit.</summary>
    public long TableRows { get; init; }

    /// <summary>Columns that an existing table was given.</summary>
    public IReadOnlyList<SchemaChange> SchemaChanges { get; init; } = [];
}
