using Sluice.Destinations;
using Sluice.Engine.Load;

namespace Sluice.ServerTests.Destinations;

/// <summary>An empty place that a test has for itself: a file, a folder, a database, a bucket.</summary>
public abstract class DestinationPlace : IAsyncDisposable
{
    /// <summary>The destination's address.</summary>
    public abstract string Uri { get; }

    /// <summary>Whether models can be made there, as the registry says it.</summary>
    public virtual bool HasModels => DestinationRegistry.HasModels(Uri);

    /// <summary>What is kept beside the place while a test runs.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("sluice-place-").FullName;

    /// <summary>Opens the destination at an address of this place.</summary>
    public virtual Task<IDestination> OpenAsync(string uri, CancellationToken cancel) => DestinationRegistry.OpenAsync(uri, cancel);

    public virtual ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
