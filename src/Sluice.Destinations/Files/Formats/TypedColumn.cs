namespace Sluice.Destinations.Files.Formats;

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type in DuckDB's words.</param>
internal sealed record TypedColumn(string Name, string Type);
