namespace Sluice.Destinations.Files.Manifests;

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type in DuckDB's words.</param>
/// <param name="HasLongIntegers">Whether it holds, or may hold, an integer that a double does not hold exactly.</param>
internal sealed record ManifestColumn(string Name, string Type, bool HasLongIntegers);
