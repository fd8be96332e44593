namespace Sluice.Engine.Shape;

/// <summary>A segment with the SQL that turns its records into typed rows; the SQL runs in any DuckDB connection.</summary>
public sealed record ShapedSegment
{
    /// <summary>Names the records for ever: a destination that has loaded the package skips it.</summary>
    public required string PackageId { get; init; }

    /// <summary>The columns of the rows, in the order of the SELECT; grows when records bring new fields.</summary>
    public required IReadOnlyList<TableColumn> Columns { get; init; }

    /// <summary>
    /// SELECT that reads with the catalog's types at full speed and fails as a whole when one value does not fit; null when the
    /// fields seen while fetching already tell that some value will not.
    /// </summary>
    public string? FastSql { get; init; }

    /// <summary>SELECT that reads anything: a value that does not fit its column becomes NULL and is told by <see cref="RejectsSql"/>.</summary>
    public required string CarefulSql { get; init; }

    /// <summary>SELECT of (record_key, column_name, raw_value) for every value that <see cref="CarefulSql"/> could not convert; null when none can fail.</summary>
    public string? RejectsSql { get; init; }

    /// <summary>Records in the segment, before any filter.</summary>
    public long Records { get; init; }
}
