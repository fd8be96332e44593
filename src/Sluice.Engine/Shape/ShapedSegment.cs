namespace Sluice.Engine.Shape;

/// <summary>A segment with the SQL that turns its records into typed rows; the SQL runs in any DuckDB connection.</summary>
public sealed record ShapedSegment
{
    /// <summary>Names the records for ever: a destination that has loaded the package skips it.</summary>
    public required string PackageId { get; init; }

    /// <summary>The columns of the rows, in the order of the SELECT; later segments may have more of them, and wider ones.</summary>
    public required IReadOnlyList<TableColumn> Columns { get; init; }

    /// <summary>
    /// SELECT that reads with the columns' types at full speed and fails as a whole when one value does not fit; null when the
    /// fields seen while fetching already tell that some value will not.
    /// </summary>
    public string? FastSql { get; init; }

    /// <summary>
    /// Reads anything, value by value: one that does not fit its column becomes NULL and is told as a reject. The result holds a file
    /// and is to be disposed of once its SQL has run.
    /// </summary>
    public required Func<CarefulReading> Carefully { get; init; }

    /// <summary>Records in the segment, before any filter.</summary>
    public long Records { get; init; }
}
