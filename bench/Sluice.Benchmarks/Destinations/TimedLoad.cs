using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Benchmarks.Destinations;

/// <summary>The load of a <see cref="TimedDestination"/>.</summary>
internal sealed class TimedLoad(ITableLoad inner, TimedDestination owner) : ITableLoad
{
    private CostClock? _clock;

    public IReadOnlySet<string> DurablePackages => inner.DurablePackages;

    public NameRules Names => inner.Names;

    public IReadOnlyList<KnownColumn> KnownColumns => inner.KnownColumns;

    public Task<long> WriteAsync(ShapedSegment segment, long? most, CancellationToken cancel) => inner.WriteAsync(segment, most, cancel);

    public Task<StagedRows> PrepareAsync(IReadOnlyList<TableColumn> columns, CancellationToken cancel)
    {
        _clock = new CostClock();
        return inner.PrepareAsync(columns, cancel);
    }

    public async Task<LoadResult> CommitAsync(Checkpoint checkpoint, CancellationToken cancel)
    {
        var result = await inner.CommitAsync(checkpoint, cancel);
        owner.Publishing = _clock!.Cost;
        return result;
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
