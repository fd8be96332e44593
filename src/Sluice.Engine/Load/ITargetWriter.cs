using DuckDB.NET.Data;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Shape;

namespace Sluice.Engine.Load;

/// <summary>
/// Brings the staged rows of one load into the table that readers see. All that comes before (reading records, columns for new fields, duplicates,
/// values that do not fit) has been done when it is asked.
/// </summary>
public interface ITargetWriter : IAsyncDisposable
{
    /// <summary>
    /// A connection to the DuckDB database that is the destination itself, so that rows are staged where they will stay and become visible with its
    /// transaction; the load closes it. Null when rows wait in the work folder.
    /// </summary>
    DuckDBConnection? Stage => null;

    /// <summary>Which names columns can have.</summary>
    NameRules Names { get; }

    /// <summary>
    /// Tells which values of a column the destination can't hold: an SQL condition in DuckDB's words, or null when it holds all. Such a value becomes
    /// NULL and is kept in <c>_sluice_rejects</c>, before rows are counted and written.
    /// </summary>
    /// <param name="column">The column, quoted for DuckDB.</param>
    /// <param name="type">Its type.</param>
    string? UnsupportedWhen(string column, ColumnType type);

    /// <summary>Reads what the table is now.</summary>
    Task<LiveTable> DescribeAsync(CancellationToken cancel);

    /// <summary>Counts the table's rows, those marked as deleted left out; 0 when there is no table.</summary>
    Task<long> CountAsync(CancellationToken cancel);

    /// <summary>
    /// Makes the staged rows visible, together with state, ledger line, rejects and the mapping of columns: after a crash at any moment either all of
    /// it is there or nothing. Where the destination can't do that in one transaction, doing it again must end in the same table.
    /// </summary>
    /// <param name="staged">The rows.</param>
    /// <param name="checkpoint">What becomes true together with them.</param>
    /// <param name="cancel">Stops before the commit; afterwards it is done.</param>
    /// <returns>
    /// What was done; null when the table is as it was, since <see cref="StagedTable.RejectAsync"/> took away values that were refused only now.
    /// </returns>
    /// <exception cref="SluiceException">The destination refuses (kind Destination), or a column would have to change values (kind
    /// Schema).</exception>
    Task<LoadResult?> WriteAsync(StagedTable staged, Checkpoint checkpoint, CancellationToken cancel);
}

/// <summary>A destination's table as it is when a load begins.</summary>
public sealed record LiveTable
{
    /// <summary>A table that is not there.</summary>
    public static LiveTable None { get; } = new();

    /// <summary>The columns in their order, Sluice's own too; empty when there is no such table.</summary>
    public IReadOnlyDictionary<string, ColumnType> Columns { get; init; } =
        new OrderedDictionary<string, ColumnType>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Which column each field was given, as <c>_sluice_columns</c> has it for this table.</summary>
    public IReadOnlyList<MappedColumn> Mapping { get; init; } = [];

    /// <summary>The integer columns with a value that a double does not hold exactly; a column that was not looked at belongs here, too.</summary>
    public IReadOnlySet<string> LongIntegers { get; init; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What this very load did when it was committed before; null when it was not.</summary>
    public LoadResult? Committed { get; init; }
}
