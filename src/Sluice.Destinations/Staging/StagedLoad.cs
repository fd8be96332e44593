using DuckDB.NET.Data;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Staging;

/// <summary>The load of one table: rows are staged in DuckDB, and a publisher brings them into the table that readers see.</summary>
internal sealed class StagedLoad : ITableLoad
{
    private readonly StagedTable _staged;
    private readonly ITablePublisher _publisher;
    private readonly LiveTable _live;

    private StagedLoad(StagedTable staged, ITablePublisher publisher, LiveTable live, IReadOnlyList<KnownColumn> known)
    {
        _staged = staged;
        _publisher = publisher;
        _live = live;
        KnownColumns = known;
    }

    public IReadOnlySet<string> DurablePackages => _staged.DurablePackages;

    public IReadOnlyList<KnownColumn> KnownColumns { get; }

    public NameRules Names => _publisher.Names;

    /// <summary>Begins or goes on with a load.</summary>
    /// <param name="connection">A connection of its own to the database that rows are staged in.</param>
    /// <param name="target">Which table.</param>
    /// <param name="publisher">Brings the rows to the destination; disposed with the load.</param>
    /// <param name="cancel">Stops before anything is staged.</param>
    public static async Task<StagedLoad> BeginAsync(DuckDBConnection connection, LoadTarget target, ITablePublisher publisher, CancellationToken cancel)
    {
        try
        {
            var live = await publisher.DescribeAsync(cancel);
            await connection.RunAsync(StageTables.Create(connection.Database, target.Schema), cancel);
            var staged = await StagedTable.BeginAsync(connection, target, live.Committed is not null, cancel);
            return new StagedLoad(staged, publisher, live, KnownFields.Of(live, await staged.ReadMappingAsync(cancel)));
        }
        catch (DuckDBException error)
        {
            throw DuckDbErrors.Writing($"{target.Schema}.{target.Table}", error);
        }
    }

    public async Task<long> WriteAsync(ShapedSegment segment, long? most, CancellationToken cancel)
    {
        try
        {
            return _live.Committed is null ? await _staged.WriteAsync(segment, most, cancel) : 0;
        }
        catch (DuckDBException error)
        {
            throw DuckDbErrors.Writing(Table, error);
        }
    }

    public async Task<StagedRows> PrepareAsync(IReadOnlyList<TableColumn> columns, CancellationToken cancel)
    {
        try
        {
            return _live.Committed is { } done
                ? new StagedRows(done.Loaded + done.Unchanged, done.Doubled, done.Rejected, done.TableRows)
                : await _staged.PrepareAsync(columns, _publisher.CannotHold, await _publisher.CountAsync(cancel), cancel);
        }
        catch (DuckDBException error)
        {
            throw DuckDbErrors.Writing(Table, error);
        }
    }

    public async Task<LoadResult> CommitAsync(Checkpoint checkpoint, CancellationToken cancel)
    {
        if (_live.Committed is { } done)
        {
            return done;
        }

        try
        {
            var result = await _publisher.PublishAsync(_staged, checkpoint, cancel);
            await _staged.FinishAsync(result, CancellationToken.None);
            return result;
        }
        catch (DuckDBException error)
        {
            throw DuckDbErrors.Writing(Table, error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _staged.DisposeAsync();
        await _publisher.DisposeAsync();
    }

    private string Table => $"{_staged.Target.Schema}.{_staged.Target.Table}";
}
