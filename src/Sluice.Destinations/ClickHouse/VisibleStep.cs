namespace Sluice.Destinations.ClickHouse;

/// <summary>By what one can tell that a load's rows are visible.</summary>
internal enum VisibleStep
{
    /// <summary>The highest number in the table is the load's.</summary>
    Rows,

    /// <summary>The table has no rows.</summary>
    Empty,

    /// <summary>Nothing changes in the table.</summary>
    Nothing,
}
