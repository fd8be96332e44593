using System.Data.Common;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;

namespace Sluice.Destinations.Relational;

/// <summary>A destination that is a relational database.</summary>
internal abstract class RelationalDestination(RelationalDatabase database) : IDestination
{
    private readonly HashSet<string> _schemas = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _creating = new(1);

    public abstract string Name { get; }

    public abstract Task<string> CheckAsync(CancellationToken cancel);

    public ISystemTables SystemTables(string schema) => new RelationalBooks(database, schema);

    public async Task<DbDataReader?> ReadTableAsync(string schema, string table, IReadOnlyList<string> orderBy, CancellationToken cancel)
    {
        try
        {
            return await ReadAsync(await database.OpenAsync(cancel), schema, table, orderBy, cancel);
        }
        catch (DbException error)
        {
            throw database.Explain($"Reading {schema}.{table}", error);
        }
    }

    // The reader closes the session at its end.
    private async Task<DbDataReader?> ReadAsync(Session session, string schema, string table, IReadOnlyList<string> orderBy, CancellationToken cancel)
    {
        var sql = database.Dialect;
        try
        {
            var columns = await sql.ColumnsAsync(session, schema, table, cancel);
            if (columns.Count == 0)
            {
                await session.DisposeAsync();
                return null;
            }

            var order = orderBy.Select(column => sql.Ascending(sql.Quote(LiveFitting.NameIn(columns, column)), columns[column]));
            var select = $"SELECT {string.Join(", ", columns.Keys.Select(sql.Quote))} FROM {sql.Table(schema, table)}";
            var command = session.Command(select + (orderBy.Count == 0 ? "" : $" ORDER BY {string.Join(", ", order)}"));
            return new TypedReader(await command.ExecuteReaderAsync(cancel), [.. columns.Values], session, command, error => database.Explain($"Reading {schema}.{table}", error));
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        _creating.Dispose();
    }

    public async Task<ITargetWriter> OpenWriterAsync(LoadTarget target, CancellationToken cancel)
    {
        if (database.Refuses(target.Schema, target.Table) is { } refusal)
        {
            throw refusal;
        }

        await _creating.WaitAsync(cancel);
        try
        {
            if (!_schemas.Contains(target.Schema))
            {
                await CreateBooksAsync(target.Schema, cancel);
                _schemas.Add(target.Schema);
            }
        }
        catch (DbException error)
        {
            throw database.Explain($"Making the book-keeping tables in {target.Schema}", error);
        }
        finally
        {
            _creating.Release();
        }

        return new RelationalPublisher(database, target);
    }

    private async Task CreateBooksAsync(string schema, CancellationToken cancel)
    {
        await using var session = await database.BeginAsync(cancel);
        await BookTables.CreateAsync(session, schema, cancel);
        await session.CommitAsync();
    }
}
