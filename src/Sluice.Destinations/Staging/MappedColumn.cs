namespace Sluice.Destinations.Staging;

/// <summary>The column that a field of the records was given for good: names that differ only by case would otherwise change places with the order in which they come.</summary>
/// <param name="Field">The field; null for the column that holds all fields without one of their own.</param>
/// <param name="Column">The column's name.</param>
/// <param name="Type">Its type in DuckDB's words, whatever the destination calls it.</param>
/// <param name="RunId">The run that added it.</param>
/// <param name="AddedAt">When that was.</param>
internal sealed record MappedColumn(string? Field, string Column, string Type, string RunId, DateTimeOffset AddedAt);
