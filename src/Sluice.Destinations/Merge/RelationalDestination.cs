using System.Data.Common;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Merge;

/// <summary>A destination that is a relational database.</summary>
internal abstract class RelationalDestination(RelationalDatabase database) : IDestination
{
    private readonly HashSet<string> _schemas = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _creating = new(1);

    public abstract string Name { get; }

    public abstract Task<string> CheckAsync(CancellationToken cancel);

    public ISystemTables SystemTables(string schema) => new RelationalSystemTables(database, schema);

    public IModelViews? Models(string schema) => database.Dialect.Models is { } sql ? new RelationalModels(database, sql, schema) : null;

    public virtual Task EndFormerRunAsync(string runId, CancellationToken cancel) => Task.CompletedTask;

    public virtual Task LockAsync(string schema, string table, CancellationToken cancel) => Task.CompletedTask;

    public async Task<ITargetWriter> OpenWriterAsync(LoadTarget target, CancellationToken cancel)
    {
        if (database.Refuses(target.Schema, target.Table) is { } refusal)
        {
            throw refusal;
        }

        if (target.KeepsVersions && !database.Dialect.HoldsTables)
        {
            throw RowHistory.Refused(target, "the database can't make or change a table in the transaction that holds its rows");
        }

        if (!database.Dialect.HasColumnIndexes)
        {
            ColumnIndexes.RequireNone(target);
        }

        await _creating.WaitAsync(cancel);
        try
        {
            // Remembered only when it is done: what failed or was stopped is tried again by the next table.
            if (!_schemas.Contains(target.Schema))
            {
                await database.TryAsync($"Making the system tables in {target.Schema}", () => CreateAsync(target.Schema, cancel), cancel);
                _schemas.Add(target.Schema);
            }

            await FinishAsync(target.Schema, cancel);
        }
        finally
        {
            _creating.Release();
        }

        return new RelationalWriter(database, target);
    }

    public Task<DbDataReader?> ReadTableAsync(string schema, string table, IReadOnlyList<string> orderBy, CancellationToken cancel) =>
        database.TryAsync(
            $"Reading {schema}.{table}", async () => await ReadAsync(await database.OpenAsync(cancel), schema, table, orderBy, cancel), cancel);

    public virtual async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        _creating.Dispose();
    }

    private Task FinishAsync(string schema, CancellationToken cancel) => database.Dialect.HoldsTables
        ? Task.CompletedTask
        : database.TryAsync(
            $"Completing earlier loads in {schema}",
            async () =>
            {
                await using var session = await database.OpenAsync(cancel);
                await database.Dialect.FinishAsync(session, schema, cancel);
                return true;
            },
            cancel);

    private async Task<bool> CreateAsync(string schema, CancellationToken cancel)
    {
        await using var session = await database.BeginAsync(cancel);
        await session.CreateSystemTablesAsync(schema, cancel);
        await session.CommitAsync();
        return true;
    }

    // The reader closes the session at its end.
    private async Task<DbDataReader?> ReadAsync(
        DbSession session, string schema, string table, IReadOnlyList<string> orderBy, CancellationToken cancel)
    {
        var sql = database.Dialect;
        try
        {
            await sql.FinishAsync(session, schema, cancel);
            var columns = await sql.ColumnsAsync(session, schema, table, cancel);
            if (columns.Count == 0)
            {
                await session.DisposeAsync();
                return null;
            }

            var order = orderBy.Select(column => sql.Ascending(sql.Quote(SchemaEvolution.NameIn(columns, column)), columns[column]));
            var select = $"SELECT {string.Join(", ", columns.Keys.Select(sql.Quote))} FROM {sql.Table(schema, table)}";
            var command = session.Command(select + (orderBy.Count == 0 ? "" : $" ORDER BY {string.Join(", ", order)}"));
            var rows = await command.ExecuteReaderAsync(cancel);
            return new TypedReader(
                rows,
                [.. columns.Values],
                ordinal => sql.Text(rows, ordinal),
                error => error is DbException refused ? database.Explain($"Reading {schema}.{table}", refused) : null,
                command,
                session);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }
}
