using DuckDB.NET.Data;
using Sluice.Destinations.Relational;
using Sluice.Destinations.Staging;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.DuckDb;

/// <summary>Makes rows visible that are staged in the same file: in the transaction that is open on the connection, which the load commits.</summary>
internal sealed class DuckDbPublisher : ITablePublisher
{
    private readonly DuckDBConnection _connection;
    private readonly Session _session;
    private readonly LoadTarget _target;
    private readonly Publication _publication;
    private readonly LiveFitting _fitting;

    public DuckDbPublisher(DuckDBConnection connection, LoadTarget target)
    {
        var sql = new LoadSql(target, connection.Database);
        _connection = connection;
        _session = new Session(connection, new DuckDbWords(connection.Database));
        _target = target;
        _publication = new Publication(connection, target, sql);
        _fitting = new LiveFitting(connection, target, sql);
    }

    public NameRules Names => NameRules.Default;

    public string? CannotHold(string column, ColumnType type) => null;

    public async Task<LiveTable> DescribeAsync(CancellationToken cancel)
    {
        var types = await TableColumns.ReadAsync(_connection, _target.Schema, _target.Table, cancel);
        var columns = new OrderedDictionary<string, ColumnType>(types.Select(column => KeyValuePair.Create(column.Key, SqlType.Parse(column.Value))), StringComparer.OrdinalIgnoreCase);
        var mapping = await ColumnsTable.ReadAsync(_session, _target.Schema, _target.Table, cancel);
        var integers = mapping.Select(column => column.Column).Where(column => columns.TryGetValue(column, out var type) && type == ColumnType.Bigint);
        return new LiveTable
        {
            Columns = columns,
            Mapping = mapping,
            LongIntegers = await _fitting.LongIntegersAsync(integers, cancel),
            Committed = await LedgerTable.ReadAsync(_session, _target, cancel),
        };
    }

    public async Task<long> CountAsync(CancellationToken cancel)
    {
        var live = await TableColumns.ReadAsync(_connection, _target.Schema, _target.Table, cancel);
        return live.Count == 0 ? 0 : await _publication.CountAsync(live.ContainsKey(StageSql.DeletedAt), cancel);
    }

    public async Task<LoadResult> PublishAsync(StagedTable staged, Checkpoint checkpoint, CancellationToken cancel)
    {
        // Read while the rows are still aside: to replace a table is to rename them.
        var mapping = await staged.ReadMappingAsync(cancel);
        var made = await MakeVisibleAsync(staged, checkpoint, cancel);
        var result = made with { Doubled = staged.Counts.Doubled, Rejected = staged.Counts.Rejected };
        if (checkpoint.State is { } state)
        {
            await StateTable.WriteAsync(_session, _target.Schema, state, _target.LoadedAt, cancel);
        }

        await LedgerTable.AddAsync(_session, _target, checkpoint.Ledger, result, cancel);
        await ColumnsTable.MergeAsync(_session, _target.Schema, _target.Table, mapping, cancel);
        return result;
    }

    // The connection is the load's, and so its session is not ended here.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<LoadResult> MakeVisibleAsync(StagedTable staged, Checkpoint checkpoint, CancellationToken cancel)
    {
        var live = await TableColumns.ReadAsync(_connection, _target.Schema, _target.Table, cancel);
        var aside = await staged.ReadColumnsAsync(cancel);
        if (_target.Strategy == Strategy.Replace || live.Count == 0)
        {
            return await _publication.ReplaceAsync(live, aside, checkpoint, cancel);
        }

        var changes = await _fitting.FitAsync(live, aside, cancel);
        return await _publication.ChangeAsync(live, aside, checkpoint, cancel) with { SchemaChanges = changes };
    }
}
