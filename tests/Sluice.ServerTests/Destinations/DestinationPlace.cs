namespace Sluice.ServerTests.Destinations;

/// <summary>An empty place that a test has for itself: a file, a folder, a database, a bucket.</summary>
public abstract class DestinationPlace : IAsyncDisposable
{
    /// <summary>The destination's address.</summary>
    public abstract string Uri { get; }

    /// <summary>What is kept beside the place while a test runs.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("sluice-place-").FullName;

    public virtual ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
