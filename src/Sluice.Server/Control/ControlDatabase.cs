using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;
using Sluice.Engine;

namespace Sluice.Server.Control;

/// <summary>
/// The control database: schedules, run requests, runs, leases, users. A SQLite file beside the spools by default; PostgreSQL when several nodes
/// share it. All times in it are unix milliseconds (UTC), all ids are texts that sort by time.
/// </summary>
public sealed class ControlDatabase : IAsyncDisposable
{
    /// <summary>The schema of the tables in PostgreSQL.</summary>
    public const string SchemaName = "sluice_control";

    private const string SqliteSettings = "PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000";

    private readonly NpgsqlDataSource? _postgres;
    private readonly string? _file;

    // SQLite takes one writer at a time: those of this process queue here instead of asking again and again.
    private readonly SemaphoreSlim _writer = new(1);

    private readonly TimeProvider _time;

    private ControlDatabase(NpgsqlDataSource? postgres, string? file, TimeProvider time) => (_postgres, _file, _time) = (postgres, file, time);

    /// <summary>Whether other nodes may use it too.</summary>
    public bool IsShared => _postgres is not null;

    /// <summary>Opens the database and makes or migrates its tables.</summary>
    /// <param name="address">An address that begins with postgresql://, or the path of a SQLite file.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="SluiceException">It can't be opened (kind Config).</exception>
    public static async Task<ControlDatabase> OpenAsync(string address, TimeProvider time, CancellationToken cancel)
    {
        var database = IsPostgres(address)
            ? new ControlDatabase(NpgsqlDataSource.Create(PostgresSettings(address)), null, time)
            : new ControlDatabase(null, Path.GetFullPath(address), time);
        try
        {
            await ControlSchema.MigrateAsync(database, cancel);
            return database;
        }
        catch (DbException error)
        {
            await database.DisposeAsync();
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"The control database can't be opened: {error.Message}",
                "--control takes the address of a PostgreSQL database; without it the server keeps a SQLite file in the work folder.",
                error);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a connection, which the caller disposes of.</summary>
    public async Task<DbConnection> ConnectAsync(CancellationToken cancel)
    {
        if (_postgres is not null)
        {
            return await _postgres.OpenConnectionAsync(cancel);
        }

        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _file }.ToString());
        await connection.OpenAsync(cancel);
        await connection.ExecuteAsync(SqliteSettings);
        return connection;
    }

    /// <summary>Opens a connection, which the caller disposes of; for the few places that the framework does not let wait.</summary>
    public DbConnection Connect()
    {
        if (_postgres is not null)
        {
            return _postgres.OpenConnection();
        }

        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _file }.ToString());
        connection.Open();
        connection.Execute(SqliteSettings);
        return connection;
    }

    /// <summary>Reads rows.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(string sql, object? values, CancellationToken cancel)
    {
        await using var connection = await ConnectAsync(cancel);
        return [.. await connection.QueryAsync<T>(new CommandDefinition(connection.In(sql), values, cancellationToken: cancel))];
    }

    /// <summary>Reads the first row, or gives null.</summary>
    public async Task<T?> FindAsync<T>(string sql, object? values, CancellationToken cancel)
    {
        await using var connection = await ConnectAsync(cancel);
        return await connection.QueryFirstOrDefaultAsync<T>(new CommandDefinition(connection.In(sql), values, cancellationToken: cancel));
    }

    /// <summary>Carries out a statement in a transaction of its own; gives the number of rows.</summary>
    public Task<int> ExecuteAsync(string sql, object? values, CancellationToken cancel) =>
        ChangeAsync(change => change.ExecuteAsync(sql, values), cancel);

    /// <summary>Carries out several statements in one transaction, which is rolled back when they throw.</summary>
    public async Task<T> ChangeAsync<T>(Func<ControlChange, Task<T>> work, CancellationToken cancel)
    {
        if (!IsShared)
        {
            await _writer.WaitAsync(cancel);
        }

        try
        {
            await using var connection = await ConnectAsync(cancel);
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            var result = await work(new ControlChange(connection, transaction, IsShared, _time, cancel));
            await transaction.CommitAsync(cancel);
            return result;
        }
        finally
        {
            if (!IsShared)
            {
                _writer.Release();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _writer.Dispose();
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }
        else
        {
            await using var last = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _file }.ToString());
            SqliteConnection.ClearPool(last);
        }
    }

    /// <summary>Whether an address is one of PostgreSQL.</summary>
    public static bool IsPostgres(string address) =>
        address.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase)
        || address.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase);

    private static string PostgresSettings(string address)
    {
        var uri = new Uri(address);
        var user = uri.UserInfo.Split(':', 2);
        return new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : NpgsqlConnection.DefaultPort,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/')) is { Length: > 0 } name ? name : null,
            Username = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : null,
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            SearchPath = SchemaName,
            ApplicationName = "sluice serve",
        }.ToString();
    }
}

/// <summary>A transaction of the control database.</summary>
public sealed class ControlChange(DbConnection connection, DbTransaction transaction, bool isShared, TimeProvider time, CancellationToken cancel)
{
    /// <summary>What locks the rows that a SELECT finds and leaves out those that others have: nothing in SQLite, which has one writer.</summary>
    public string ForUpdateSkipLocked => isShared ? "FOR UPDATE SKIP LOCKED" : "";

    /// <summary>What locks the rows that a SELECT finds, and waits for others that have.</summary>
    public string ForUpdate => isShared ? " FOR UPDATE" : "";

    /// <summary>The time by the clock that all nodes share: the database's, if there are several; in unix milliseconds.</summary>
    public async Task<long> NowAsync() => isShared
        ? await connection.QuerySingleAsync<long>("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint", transaction: transaction)
        : ControlTime.Of(time.GetUtcNow());

    /// <summary>Carries out a statement; gives the number of rows.</summary>
    public Task<int> ExecuteAsync(string sql, object? values = null) =>
        connection.ExecuteAsync(new CommandDefinition(connection.In(sql), values, transaction, cancellationToken: cancel));

    /// <summary>Reads rows.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(string sql, object? values = null) =>
        [.. await connection.QueryAsync<T>(new CommandDefinition(connection.In(sql), values, transaction, cancellationToken: cancel))];

    /// <summary>Reads the first row, or gives null.</summary>
    public Task<T?> FindAsync<T>(string sql, object? values = null) =>
        connection.QueryFirstOrDefaultAsync<T>(new CommandDefinition(connection.In(sql), values, transaction, cancellationToken: cancel));
}
