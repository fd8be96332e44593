namespace Sluice.Engine.Catalog;

/// <summary>
/// What is kept of each whole reading of a table, in a table of its own that only grows: the API tells how things are now, and not how they were.
/// </summary>
/// <param name="Table">The table's name.</param>
/// <param name="Doc">What a row of it is.</param>
public sealed record ObservationRule(string Table, string Doc)
{
    /// <summary>The column with the time of the reading, which every such table has behind its own.</summary>
    public static Column ObservedAt { get; } = new("observed_at", ColumnType.Timestamp, "When the list was read, in UTC.");

    /// <summary>
    /// The columns, the first of which tells what a row is about. Their sources are expressions of DuckDB over the rows with the same first one, with
    /// the columns of the table that is read in braces.
    /// </summary>
    public required IReadOnlyList<Column> Columns { get; init; }
}
