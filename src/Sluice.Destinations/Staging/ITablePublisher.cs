using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Staging;

/// <summary>
/// Brings the staged rows of one load into the table that readers see. All that comes before (reading records, columns for new fields, doubles,
/// values that do not fit) has been done when it is asked.
/// </summary>
internal interface ITablePublisher : IAsyncDisposable
{
    /// <summary>Which names columns can have.</summary>
    NameRules Names { get; }

    /// <summary>
    /// Tells which values of a column the destination can't hold: an SQL condition in DuckDB's words, or null when it holds all. Such a value becomes
    /// NULL and is kept in <c>_sluice_rejects</c>, before rows are counted and published.
    /// </summary>
    /// <param name="column">The column, quoted for DuckDB.</param>
    /// <param name="type">Its type.</param>
    string? CannotHold(string column, ColumnType type);

    /// <summary>Reads what the table is now.</summary>
    Task<LiveTable> DescribeAsync(CancellationToken cancel);

    /// <summary>Counts the table's rows, those marked as deleted left out; 0 when there is no table.</summary>
    Task<long> CountAsync(CancellationToken cancel);

    /// <summary>
    /// Makes the staged rows visible, together with state, ledger line, rejects and the mapping of columns: after a crash at any moment either all of it is
    /// there or nothing. Where the destination can't do that in one transaction, doing it again must end in the same table.
    /// </summary>
    /// <param name="staged">The rows.</param>
    /// <param name="checkpoint">What becomes true together with them.</param>
    /// <param name="cancel">Stops before the commit; afterwards it is done.</param>
    /// <exception cref="SluiceException">The destination refuses (kind Destination), or a column would have to change values (kind Schema).</exception>
    Task<LoadResult> PublishAsync(StagedTable staged, Checkpoint checkpoint, CancellationToken cancel);
}
