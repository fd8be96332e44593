namespace Sluice.Destinations.Files.Manifests;

/// <summary>A file with the values of one load that did not fit.</summary>
/// <param name="Path">Its path below the table's folder.</param>
/// <param name="LoadId">The load.</param>
/// <param name="Values">How many there are.</param>
internal sealed record RejectsFile(string Path, string LoadId, long Values);
