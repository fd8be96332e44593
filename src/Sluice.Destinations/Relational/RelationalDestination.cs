using System.Data.Common;
using Sluice.Destinations.Staging;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Relational;

/// <summary>A destination that is a relational database.</summary>
internal abstract class RelationalDestination(RelationalDatabase database) : StagedDestination
{
    private readonly HashSet<string> _schemas = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _creating = new(1);

    public override IBooks Books(string schema) => new RelationalBooks(database, schema);

    public override async Task<DbDataReader?> ReadTableAsync(string schema, string table, IReadOnlyList<string> orderBy, CancellationToken cancel)
    {
        var sql = database.Dialect;
        Session? session = null;
        try
        {
            session = await database.OpenAsync(cancel);
            var columns = await sql.ColumnsAsync(session, schema, table, cancel);
            if (columns.Count == 0)
            {
                await session.DisposeAsync();
                return null;
            }

            var order = orderBy.Select(column => sql.Ascending(sql.Quote(LiveFitting.NameIn(columns, column)), columns[column]));
            var select = $"SELECT {string.Join(", ", columns.Keys.Select(sql.Quote))} FROM {sql.Table(schema, table)}";
            var command = session.Command(select + (orderBy.Count == 0 ? "" : $" ORDER BY {string.Join(", ", order)}"));
            var rows = await command.ExecuteReaderAsync(cancel);
            var words = session.Words;
            return new TypedReader(
                rows, [.. columns.Values], ordinal => words.Text(rows, ordinal),
                error => error is DbException refused ? database.Explain($"Reading {schema}.{table}", refused) : null, command, session);
        }
        catch (DbException error)
        {
            await (session?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw database.Explain($"Reading {schema}.{table}", error);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await database.DisposeAsync();
        _creating.Dispose();
    }

    protected override async Task<ITablePublisher> PublisherAsync(LoadTarget target, CancellationToken cancel)
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
