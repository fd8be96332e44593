using Sluice.Engine.Config;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;

namespace Sluice.Engine.Runs;

/// <summary>What the loaders of one run share.</summary>
internal sealed record RunResources(IngestRequest Request, IDestination Destination, TimeProvider Time) : IAsyncDisposable
{
    private readonly long _started = Time.GetTimestamp();

    public SemaphoreSlim Writer { get; } = new(1);

    public StagingArea Staging { get; } = new(Destination);

    public TimeSpan Elapsed => Time.GetElapsedTime(_started);

    public async ValueTask DisposeAsync()
    {
        Writer.Dispose();
        await Staging.DisposeAsync();
    }
}
