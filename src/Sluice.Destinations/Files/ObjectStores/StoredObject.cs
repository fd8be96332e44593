namespace Sluice.Destinations.Files.ObjectStores;

/// <summary>A small object.</summary>
/// <param name="Content">Its content.</param>
/// <param name="Version">What names this version of it, its ETag.</param>
internal sealed record StoredObject(byte[] Content, string Version);
