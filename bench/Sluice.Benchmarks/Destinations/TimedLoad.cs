using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Benchmarks.Destinations;

/// <summary>The load of a <see cref="TimedDestination"/>.</summary>
internal sealed class TimedLoad(ITableLoad inner, TimedDestination owner) : ITableLoad
{
    private Cost? _preparing;

    public IReadOnlySet<string> DurablePackages => inner.DurablePackages;

    public NameRules Names => inner.Names;

    public IReadOnlyList<KnownColumn> KnownColumns => inner.KnownColumns;

    public Task<long> WriteAsync(ShapedSegment segment, long? most, CancellationToken cancel) => inner.WriteAsync(segment, most, cancel);

    public async Task<StagedRows> PrepareAsync(IReadOnlyList<TableColumn> columns, CancellationToken cancel)
    {
        var clock = new CostClock();
        var staged = await inner.PrepareAsync(columns, cancel);
        _preparing = clock.Cost;
        return staged;
    }

    public async Task<LoadResult> CommitAsync(Checkpoint checkpoint, CancellationToken cancel)
    {
        var clock = new CostClock();
        var result = await inner.CommitAsync(checkpoint, cancel);
        owner.Publishing = clock.Cost;
        owner.Preparing = _preparing!;
        return result;
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
