namespace Sluice.Destinations.Files.Partitions;

/// <summary>One folder of a table and the rows that belong in it.</summary>
/// <param name="Path">The folder's path below the table's, with slashes; empty for the table's own.</param>
/// <param name="Condition">The rows, as a condition in SQL.</param>
internal sealed record FolderOfRows(string Path, string Condition)
{
    /// <summary>All rows in the table's own folder.</summary>
    public static FolderOfRows All { get; } = new("", "true");
}
