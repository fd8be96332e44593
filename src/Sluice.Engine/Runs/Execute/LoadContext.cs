using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;

namespace Sluice.Engine.Runs;

/// <summary>What the loaders of one run share.</summary>
internal sealed record LoadContext(IngestRequest Request, IDestination Destination, TimeProvider Time, string RunId) : IAsyncDisposable
{
    private readonly SemaphoreSlim _writer = new(1);
    private readonly long _started = Time.GetTimestamp();

    public StagingArea Staging { get; } = new(Destination);

    public TimeSpan Elapsed => Time.GetElapsedTime(_started);

    /// <summary>Two big statements at once would share the destination's memory limit and gain nothing on its one writer.</summary>
    public async Task<T> OneAtATimeAsync<T>(Func<Task<T>> work, CancellationToken cancel)
    {
        await _writer.WaitAsync(cancel);
        try
        {
            return await work();
        }
        finally
        {
            _writer.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _writer.Dispose();
        await Staging.DisposeAsync();
    }
}
