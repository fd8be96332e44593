namespace Sluice.Destinations.Files.ObjectStores;

/// <summary>What must be at a key for a write to be done.</summary>
/// <param name="Tag">The version; null when there must be nothing.</param>
/// <param name="IsAnything">Whether it does not matter.</param>
internal readonly record struct ExpectedVersion(string? Tag, bool IsAnything)
{
    public static ExpectedVersion Anything { get; } = new(null, true);

    public static ExpectedVersion Of(StoredObject? found) => new(found?.Version, false);
}
