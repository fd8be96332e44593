using Sluice.Engine.Shape;

namespace Sluice.Engine.Load;

/// <summary>What a commit did.</summary>
public sealed record LoadResult
{
    /// <summary>Rows of this load that were written: new ones and changed ones.</summary>
    public long Loaded { get; init; }

    /// <summary>Rows of this load that the table had already, word for word.</summary>
    public long Unchanged { get; init; }

    /// <summary>Records that came more than once and count once.</summary>
    public long Doubled { get; init; }

    /// <summary>Values that did not fit their column and are kept in <c>_sluice_rejects</c>.</summary>
    public long Rejected { get; init; }

    /// <summary>Rows that were marked or removed because Customer.io no longer has them.</summary>
    public long Deleted { get; init; }

    /// <summary>Rows that had the mark and lost it because Customer.io has them again.</summary>
    public long Returned { get; init; }

    /// <summary>Rows in the table after the commit, those marked as deleted left out.</summary>
    public long TableRows { get; init; }

    /// <summary>Columns that an existing table was given.</summary>
    public IReadOnlyList<SchemaChange> SchemaChanges { get; init; } = [];
}

/// <summary>What stands ready to become visible.</summary>
/// <param name="Rows">Rows, each key once.</param>
/// <param name="Doubled">Records that came more than once and count once.</param>
/// <param name="Rejected">Values that did not fit their column and are kept in <c>_sluice_rejects</c>.</param>
/// <param name="LiveRows">Rows that the table has now and that are not marked as deleted.</param>
public sealed record StagedRows(long Rows, long Doubled, long Rejected, long LiveRows);
