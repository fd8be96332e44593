using Sluice.Engine.Config;
using Sluice.Engine.Load;

namespace Sluice.Engine.Runs;

/// <summary>What the loaders of one run share.</summary>
internal sealed record LoadContext(IngestRequest Request, IDestination Destination, TimeProvider Time, string RunId) : IDisposable
{
    private readonly SemaphoreSlim _writer = new(1);
    private readonly long _started = Time.GetTimestamp();

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

    public void Dispose() => _writer.Dispose();
}
