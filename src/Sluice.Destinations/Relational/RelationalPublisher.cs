using System.Data.Common;
using DuckDB.NET.Data;
using Sluice.Destinations.Staging;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Relational;

/// <summary>Brings staged rows into a table of a relational database: rows, state, ledger, rejects and mapping in one transaction.</summary>
internal sealed class RelationalPublisher(RelationalDatabase database, LoadTarget target) : ITablePublisher
{
    public NameRules Names => database.Dialect.Names;

    private string Table => $"{target.Schema}.{target.Table}";

    public string? CannotHold(string column, ColumnType type) => database.CannotHold(column, type);

    public Task<LiveTable> DescribeAsync(CancellationToken cancel) => TryAsync("Reading", async () =>
    {
        await using var session = await database.OpenAsync(cancel);
        var columns = await database.Dialect.ColumnsAsync(session, target.Schema, target.Table, cancel);
        var mapping = await ColumnsTable.ReadAsync(session, target.Schema, target.Table, cancel);
        var integers = mapping.Select(column => column.Column).Where(column => columns.TryGetValue(column, out var type) && type == ColumnType.Bigint);
        return new LiveTable
        {
            Columns = columns,
            Mapping = mapping,
            LongIntegers = await new LiveFitting(session, database.Dialect, target).LongIntegersAsync(integers, cancel),
            Committed = await LedgerTable.ReadAsync(session, target, cancel),
        };
    }, cancel);

    public Task<long> CountAsync(CancellationToken cancel) => TryAsync("Reading", async () =>
    {
        await using var session = await database.OpenAsync(cancel);
        var live = await database.Dialect.ColumnsAsync(session, target.Schema, target.Table, cancel);
        return live.Count == 0 ? 0 : await Publication.CountAsync(session, target, live.ContainsKey(StageSql.DeletedAt), cancel);
    }, cancel);

    public Task<LoadResult> PublishAsync(StagedTable staged, Checkpoint checkpoint, CancellationToken cancel) => TryAsync("Writing", async () =>
    {
        try
        {
            return await PublishOnceAsync(staged, checkpoint, cancel);
        }
        catch (DbException error) when (database.IsValueError(error))
        {
            // What values a database refuses is looked for with care only when it has refused one: it takes time, and hardly ever happens.
            await staged.RejectAsync(database.CannotHoldEither, cancel);
            return await PublishOnceAsync(staged, checkpoint, cancel);
        }
    }, cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<LoadResult> PublishOnceAsync(StagedTable staged, Checkpoint checkpoint, CancellationToken cancel)
    {
        await using var session = await database.BeginAsync(cancel);
        await database.Dialect.LockAsync(session, target.Schema, target.Table, cancel);
        if (await LedgerTable.ReadAsync(session, target, cancel) is { } done)
        {
            return done;
        }

        var made = await MakeVisibleAsync(session, staged, checkpoint, cancel);
        var result = made with { Doubled = staged.Counts.Doubled, Rejected = staged.Counts.Rejected };
        if (checkpoint.State is { } state)
        {
            await StateTable.WriteAsync(session, target.Schema, state, target.LoadedAt, cancel);
        }

        if (result.Rejected > 0)
        {
            await using var rejects = await StagedReading.RejectsAsync(staged, cancel);
            await database.WriteAsync(session, database.Dialect.Table(target.Schema, BookTables.Rejects), BookTables.RejectColumns, isNew: false, rejects, cancel);
        }

        await LedgerTable.AddAsync(session, target, checkpoint.Ledger, result, cancel);
        await ColumnsTable.MergeAsync(session, target.Schema, target.Table, await staged.ReadMappingAsync(cancel), cancel);
        cancel.ThrowIfCancellationRequested();
        await session.CommitAsync();
        return result;
    }

    private async Task<LoadResult> MakeVisibleAsync(Session session, StagedTable staged, Checkpoint checkpoint, CancellationToken cancel)
    {
        // Looked at once more under the lock: the one that had it before may have changed the table.
        var live = await database.Dialect.ColumnsAsync(session, target.Schema, target.Table, cancel);
        if (target.Strategy != Strategy.Replace && live.Count > 0)
        {
            return await new Publication(database, session, staged, checkpoint).ChangeAsync(live, cancel);
        }

        return live.Count > 0 && await database.Dialect.MustStayAsync(session, target.Schema, target.Table, cancel)
            ? await new Publication(database, session, staged, checkpoint).RefillAsync(live, cancel)
            : await new Replacement(database, session, staged, checkpoint).RunAsync(live, cancel);
    }

    private async Task<T> TryAsync<T>(string doing, Func<Task<T>> work, CancellationToken cancel)
    {
        try
        {
            return await work();
        }
        catch (DbException error) when (cancel.IsCancellationRequested)
        {
            throw new OperationCanceledException($"{doing} {Table} was stopped.", error, cancel);
        }
        catch (DbException error) when (error is not DuckDBException)
        {
            throw database.Explain($"{doing} {Table}", error);
        }
    }
}
