using Sluice.Engine;

namespace Sluice.Destinations.Files.ObjectStores;

/// <summary>What is needed of an object store. Errors are told as <see cref="SluiceException"/> of the kind Destination.</summary>
internal interface IObjectClient : IDisposable
{
    /// <summary>The bucket or container as it may be shown.</summary>
    string Name { get; }

    /// <summary>Reads a small object with its version; null when there is none.</summary>
    Task<StoredObject?> ReadAsync(string key, CancellationToken cancel);

    /// <summary>Writes a small object in one step; false if it is not of the version that was expected.</summary>
    /// <param name="key">The key.</param>
    /// <param name="content">The content.</param>
    /// <param name="expected">What must be there.</param>
    /// <param name="cancel">Stops before it is done.</param>
    Task<bool> WriteAsync(string key, byte[] content, ExpectedVersion expected, CancellationToken cancel);

    /// <summary>Uploads a file, in parts when it is big; what has been uploaded of one that fails is taken away.</summary>
    Task UploadAsync(string path, string key, CancellationToken cancel);

    /// <summary>Downloads an object into a file.</summary>
    Task DownloadAsync(string key, string path, CancellationToken cancel);

    /// <summary>Removes objects; one that is not there is no error.</summary>
    Task DeleteAsync(IReadOnlyList<string> keys, CancellationToken cancel);

    /// <summary>The keys that begin with a prefix, in their order.</summary>
    IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancel);

    /// <summary>What follows a prefix up to the next slash, of all keys that have one.</summary>
    IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancel);
}

/// <summary>A small object.</summary>
/// <param name="Content">Its content.</param>
/// <param name="Version">What names this version of it, its ETag.</param>
internal sealed record StoredObject(byte[] Content, string Version);

/// <summary>What must be at a key for a write to be done.</summary>
/// <param name="Tag">The version; null when there must be nothing.</param>
/// <param name="IsAnything">Whether it does not matter.</param>
internal readonly record struct ExpectedVersion(string? Tag, bool IsAnything)
{
    public static ExpectedVersion Anything { get; } = new(null, true);

    public static ExpectedVersion Of(StoredObject? found) => new(found?.Version, false);
}
