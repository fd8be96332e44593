using Sluice.Engine.Config;
using Sluice.Engine.Load;

namespace Sluice.Engine.Runs;

/// <summary>What the loaders of one run share.</summary>
internal sealed record RunResources(IngestRequest Request, IDestination Destination, TimeProvider Time) : IDisposable
{
    private readonly long _started = Time.GetTimestamp();

    public SemaphoreSlim Writer { get; } = new(1);

    public TimeSpan Elapsed => Time.GetElapsedTime(_started);

    public void Dispose() => Writer.Dispose();
}
