using System.Data.Common;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Merge;

/// <summary>A connection with its transaction, if there is one; closing it rolls back what was not committed.</summary>
/// <param name="connection">The connection, open; it is closed with the session.</param>
/// <param name="dialect">The database's words.</param>
/// <param name="hold">What is let go when the session ends.</param>
/// <param name="isBorrowed">Whether connection and transaction are somebody else's, who ends them.</param>
internal sealed class DbSession(DbConnection connection, SqlDialect dialect, IDisposable? hold = null, bool isBorrowed = false) : IAsyncDisposable
{
    private DbTransaction? _transaction;

    public DbConnection Connection => connection;

    public SqlDialect Dialect => dialect;

    /// <summary>What looks at the connection from outside, such as a wish to cancel; it ends before the connection does.</summary>
    public IAsyncDisposable? Watch { get; set; }

    private readonly List<string> _lostViews = [];

    /// <summary>Notes that a view of models, quoted, could not be made again after a change of what it reads.</summary>
    public void LoseView(string name) => _lostViews.Add(name);

    /// <summary>The views that were noted since the last time: several tables are loaded in one session, and each tells its own.</summary>
    public IReadOnlyList<string> TakeLostViews()
    {
        string[] lost = [.. _lostViews];
        _lostViews.Clear();
        return lost;
    }

    public async Task BeginAsync(CancellationToken cancel) => _transaction = await connection.BeginTransactionAsync(dialect.Isolation, cancel);

    // Nobody would know whether a commit that is cancelled has been done.
    public async Task CommitAsync()
    {
        if (_transaction is { } transaction)
        {
            await transaction.CommitAsync(CancellationToken.None);
            _transaction = null;
            await transaction.DisposeAsync();
        }
    }

    public async Task<long> RunAsync(string sql, CancellationToken cancel, params (string Name, object? Value)[] values)
    {
        await using var command = Command(sql, values);
        return Math.Max(0, await command.ExecuteNonQueryAsync(cancel));
    }

    public async Task<long> ScalarAsync(string sql, CancellationToken cancel, params (string Name, object? Value)[] values)
    {
        await using var command = Command(sql, values);
        return ConnectionExtensions.ToNumber(await command.ExecuteScalarAsync(cancel));
    }

    public async Task<IReadOnlyList<T>> ListAsync<T>(
        string sql, Func<DbDataReader, T> read, CancellationToken cancel, params (string Name, object? Value)[] values)
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
            parameter.Value = dialect.Value(value);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>Makes the schema and those of its system tables that are not there.</summary>
    public async Task CreateSystemTablesAsync(string schema, CancellationToken cancel)
    {
        var there = await dialect.TablesAsync(this, schema, cancel);
        var missing = SystemTable.All.Where(table => !there.Contains(table.Name)).ToList();
        if (missing.Count > 0)
        {
            await dialect.CreateSchemaAsync(this, schema, cancel);
        }

        foreach (var table in missing)
        {
            var defined = table.Columns.Select(column => $"{column.Name} {dialect.SystemType(column.Type)}");
            await RunAsync($"CREATE TABLE IF NOT EXISTS {dialect.Table(schema, table.Name)} ({string.Join(", ", defined)})", cancel);
        }

        await AddColumnsAsync(schema, SystemTable.Mapping, cancel);
    }

    // The table of an earlier version lacks what was added since.
    private async Task AddColumnsAsync(string schema, SystemTable table, CancellationToken cancel)
    {
        var has = await dialect.ColumnsAsync(this, schema, table.Name, cancel);
        foreach (var column in table.Columns.Where(column => !has.ContainsKey(column.Name)))
        {
            await RunAsync($"ALTER TABLE {dialect.Table(schema, table.Name)} ADD COLUMN {column.Name} {dialect.SystemType(column.Type)}", cancel);
        }
    }

    /// <summary>Reads rows of a system table.</summary>
    /// <param name="schema">Its schema.</param>
    /// <param name="table">The table.</param>
    /// <param name="rest">What follows its name: conditions on its columns, and the order.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <param name="values">The values of conditions.</param>
    public Task<IReadOnlyList<T>> ReadAsync<T>(
        string schema,
        SystemTable<T> table,
        string rest,
        CancellationToken cancel,
        params (string Name, object? Value)[] values
    ) => ReadAsync(schema, table, table.Columns.Select(column => column.Name), rest, cancel, values);

    /// <summary>The same by expressions for its columns, where it is one of an earlier version and lacks some.</summary>
    public Task<IReadOnlyList<T>> ReadAsync<T>(
        string schema,
        SystemTable<T> table,
        IEnumerable<string> columns,
        string rest,
        CancellationToken cancel,
        params (string Name, object? Value)[] values
    ) =>
        ListAsync(
            $"SELECT {string.Join(", ", columns)} FROM {dialect.Table(schema, table.Name)} {rest}",
            row => table.Parse($"{schema}.{table.Name}", (place, type) => ValueOf(row, place, type)),
            cancel,
            values);

    /// <summary>Adds a row to a system table.</summary>
    public Task<long> AddAsync<T>(string schema, SystemTable<T> table, T row, CancellationToken cancel)
    {
        var places = table.Columns.Select(column =>
            column.Type == ColumnType.Json ? dialect.JsonParameter(column.Name) : dialect.Parameter(column.Name));
        return RunAsync(
            $"INSERT INTO {dialect.Table(schema, table.Name)} ({table.Names}) VALUES ({string.Join(", ", places)})",
            cancel,
            [.. table.Values.Select(column => (column.Name, column.Value(row)))]);
    }

    /// <summary>Deletes what a system table has of one table, or all that it has.</summary>
    public Task<long> DeleteAsync(string schema, SystemTable from, string? table, CancellationToken cancel) => table is null
        ? RunAsync($"DELETE FROM {dialect.Table(schema, from.Name)}", cancel)
        : RunAsync($"DELETE FROM {dialect.Table(schema, from.Name)} WHERE table_name = {dialect.Parameter("table")}", cancel, ("table", table));

    public async ValueTask DisposeAsync()
    {
        if (isBorrowed)
        {
            return;
        }

        try
        {
            await (Watch?.DisposeAsync() ?? ValueTask.CompletedTask);
            await (_transaction?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
        finally
        {
            await connection.DisposeAsync();
            hold?.Dispose();
        }
    }

    private static object? ValueOf(DbDataReader row, int place, ColumnType type) => row.IsDBNull(place) ? null : type switch
    {
        ColumnType.Bigint => row.GetInt64(place),
        ColumnType.Timestamp => row.GetFieldValue<DateTimeOffset>(place),
        _ => row.GetString(place),
    };
}
