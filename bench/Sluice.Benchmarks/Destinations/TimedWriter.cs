using DuckDB.NET.Data;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Shape;

namespace Sluice.Benchmarks.Destinations;

/// <summary>
/// The writer of a <see cref="TimedDestination"/>: the rows of the table are counted when the staging ends, and it is disposed after the commit.
/// </summary>
internal sealed class TimedWriter(ITargetWriter inner, TimedDestination owner) : ITargetWriter
{
    private CostClock? _preparing;
    private CostClock? _writing;

    public DuckDBConnection? Stage => inner.Stage;

    public NameRules Names => inner.Names;

    public string? UnsupportedWhen(string column, ColumnType type) => inner.UnsupportedWhen(column, type);

    public Task<LiveTable> DescribeAsync(CancellationToken cancel) => inner.DescribeAsync(cancel);

    public Task<long> CountAsync(CancellationToken cancel)
    {
        _preparing = new CostClock();
        return inner.CountAsync(cancel);
    }

    public Task<LoadResult?> WriteAsync(StagedTable staged, Checkpoint checkpoint, CancellationToken cancel)
    {
        owner.Preparing = _preparing?.Cost;
        _writing = new CostClock();
        return inner.WriteAsync(staged, checkpoint, cancel);
    }

    public ValueTask DisposeAsync()
    {
        owner.Publishing = _writing?.Cost;
        return inner.DisposeAsync();
    }
}
