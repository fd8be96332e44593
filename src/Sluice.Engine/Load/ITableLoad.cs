using Sluice.Engine.Shape;

namespace Sluice.Engine.Load;

/// <summary>The load of one table. Nothing is visible before the commit; disposing without it leaves nothing visible.</summary>
public interface ITableLoad : IAsyncDisposable
{
    /// <summary>Packages whose rows survive the end of this process, those of former runs too: nobody needs their segments any more.</summary>
    IReadOnlySet<string> DurablePackages { get; }

    /// <summary>Which names the destination's columns can have.</summary>
    NameRules Names { get; }

    /// <summary>
    /// The columns that the destination has for fields that the catalog may not know, as they were when the load began; a field keeps its
    /// column for good. Those made for a field come first.
    /// </summary>
    IReadOnlyList<KnownColumn> KnownColumns { get; }

    /// <summary>Stages a segment's rows, unless the package was staged before, and gives how many rows it has here.</summary>
    /// <param name="segment">The segment with its SQL.</param>
    /// <param name="most">Rows to stage at most, or null for all.</param>
    /// <param name="cancel">Stops between statements; nothing of the segment is staged then.</param>
    Task<long> WriteAsync(ShapedSegment segment, long? most, CancellationToken cancel);

    /// <summary>Ends the staging: leaves of equal keys the one that came last, and counts what stands ready.</summary>
    /// <param name="columns">The table's columns, so that a table without rows has them too.</param>
    /// <param name="cancel">Stops between statements.</param>
    Task<StagedRows> PrepareAsync(IReadOnlyList<TableColumn> columns, CancellationToken cancel);

    /// <summary>Makes the staged rows visible in one transaction with state and ledger; doing it again after a crash changes nothing.</summary>
    /// <param name="checkpoint">What becomes true together with the rows.</param>
    /// <param name="cancel">Stops before the commit; afterwards it is done.</param>
    Task<LoadResult> CommitAsync(Checkpoint checkpoint, CancellationToken cancel);
}
