namespace Sluice.Destinations.Relational;

/// <summary>A table that was filled to be joined with another one.</summary>
/// <param name="Schema">Its schema; null for a temporary table.</param>
/// <param name="Name">Its name.</param>
internal sealed record JoinedTable(string? Schema, string Name);
