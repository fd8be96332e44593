using System.Data.Common;
using System.Globalization;

namespace Sluice.Destinations.Relational;

/// <summary>A connection with its transaction, if there is one; closing it rolls back what was not committed.</summary>
/// <param name="connection">The connection, open; it is closed with the session.</param>
/// <param name="words">The database's words.</param>
/// <param name="hold">What is let go when the session ends.</param>
internal sealed class Session(DbConnection connection, SqlWords words, IDisposable? hold = null) : IAsyncDisposable
{
    private DbTransaction? _transaction;

    public DbConnection Connection => connection;

    public SqlWords Words => words;

    public async Task BeginAsync(CancellationToken cancel) => _transaction = await connection.BeginTransactionAsync(cancel);

    // Nobody would know whether a commit that is cancelled has been done.
    public Task CommitAsync() => _transaction!.CommitAsync(CancellationToken.None);

    public async Task<long> RunAsync(string sql, CancellationToken cancel, params (string Name, object? Value)[] values)
    {
        await using var command = Command(sql, values);
        return Math.Max(0, await command.ExecuteNonQueryAsync(cancel));
    }

    public async Task<long> ScalarAsync(string sql, CancellationToken cancel, params (string Name, object? Value)[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteScalarAsync(cancel) is { } found and not DBNull ? Convert.ToInt64(found, CultureInfo.InvariantCulture) : 0;
    }

    public async Task<IReadOnlyList<T>> ListAsync<T>(string sql, Func<DbDataReader, T> read, CancellationToken cancel, params (string Name, object? Value)[] values)
    {
        await using var command = Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public DbCommand Command(string sql, params (string Name, object? Value)[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = _transaction;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = words.Value(value);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>What looks at the connection from outside, such as a wish to cancel; it ends before the connection does.</summary>
    public IAsyncDisposable? Watch { get; set; }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await (Watch?.DisposeAsync() ?? ValueTask.CompletedTask);
            if (_transaction is not null)
            {
                await _transaction.DisposeAsync();
            }
        }
        finally
        {
            await connection.DisposeAsync();
            hold?.Dispose();
        }
    }
}
