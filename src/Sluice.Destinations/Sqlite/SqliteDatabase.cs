using System.Data.Common;
using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using Sluice.Destinations.Merge;
using Sluice.Engine;

namespace Sluice.Destinations.Sqlite;

/// <summary>Connections to one SQLite file.</summary>
/// <param name="address">The file.</param>
/// <param name="patience">How long another program may write before we say that it is in the way; half a minute if null.</param>
internal sealed class SqliteDatabase(FileAddress address, TimeSpan? patience = null) : RelationalDatabase, IRowWriter
{
    private const int Busy = 5;
    private const int LookSeconds = 1;

    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(30);

    // Two tables of one run are no reason to wait for a lock in the file, and to give up.
    private readonly SemaphoreSlim _writing = new(1);

    static SqliteDatabase() => Batteries_V2.Init();

    public override SqlDialect Dialect { get; } = new SqliteDialect();

    /// <summary>Makes the file if there is none.</summary>
    public async Task CreateAsync(CancellationToken cancel)
    {
        await using var session = Open(SqliteOpenMode.ReadWriteCreate);
        await session.ScalarAsync("SELECT count(*) FROM sqlite_master", cancel);
    }

    // Once it was made it must be there: a file that vanished and came back would lack what this run has loaded.
    public override Task<DbSession> OpenAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult(Open(SqliteOpenMode.ReadWrite));
    }

    public override async Task<DbSession> BeginAsync(CancellationToken cancel)
    {
        await _writing.WaitAsync(cancel);
        var hold = new WriteHold(_writing);
        DbSession? session = null;
        try
        {
            session = Open(SqliteOpenMode.ReadWrite, hold);
            await PrepareAsync(session, cancel);
            await BeginAsync(session, cancel);
            var handle = ((SqliteConnection)session.Connection).Handle!;
            session.Watch = cancel.Register(() => raw.sqlite3_interrupt(handle));
            return session;
        }
        catch
        {
            if (session is null)
            {
                hold.Dispose();
            }
            else
            {
                await session.DisposeAsync();
            }

            throw;
        }
    }

    public Task<long> WriteAsync(
        DbSession session, string table, IReadOnlyList<LoadColumn> columns, bool isNew, DuckDBDataReader rows, CancellationToken cancel)
    {
        var names = string.Join(", ", columns.Select(column => Dialect.Quote(column.Name)));
        var places = string.Join(", ", columns.Select(_ => "?"));
        return new RowInsert((SqliteConnection)session.Connection, $"INSERT INTO {table} ({names}) VALUES ({places})", columns).RunAsync(
            rows, cancel);
    }

    public override SluiceException Explain(string doing, DbException error) => SqliteErrors.Explain(doing, address.Path, error);

    public override ValueTask DisposeAsync()
    {
        _writing.Dispose();
        return base.DisposeAsync();
    }

    private DbSession Open(SqliteOpenMode mode, IDisposable? hold = null)
    {
        // References of other tables are their owners' affair: enforced, they would keep a table from being replaced.
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = address.Path,
                Mode = mode,
                Pooling = false,
                ForeignKeys = false,
            }.ConnectionString);
        try
        {
            connection.Open();

            // What stands in the schema of a file of others (an index or a trigger) is carried out again when a table is written anew: it must not
            // open another file.
            raw.sqlite3_limit(connection.Handle, raw.SQLITE_LIMIT_ATTACHED, 0);
            return new DbSession(connection, Dialect, hold);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // Readers go on while rows are written, and what is committed has reached the disk. Views may name a table that is about to be replaced.
    private static async Task PrepareAsync(DbSession session, CancellationToken cancel)
    {
        foreach (var pragma in new[] { "journal_mode = WAL", "synchronous = FULL", "cache_size = -8000", "legacy_alter_table = ON" })
        {
            await session.RunAsync($"PRAGMA {pragma}", cancel);
        }
    }

    private async Task BeginAsync(DbSession session, CancellationToken cancel)
    {
        var connection = (SqliteConnection)session.Connection;
        var usual = connection.DefaultTimeout;
        connection.DefaultTimeout = LookSeconds;
        for (var began = TimeProvider.System.GetTimestamp(); ;)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                await session.BeginAsync(cancel);
                connection.DefaultTimeout = usual;
                return;
            }
            catch (SqliteException error) when (error.SqliteErrorCode == Busy && TimeProvider.System.GetElapsedTime(began) < (patience ?? Usual))
            {
                await Task.Yield();
            }
        }
    }

    private sealed class WriteHold(SemaphoreSlim writing) : IDisposable
    {
        public void Dispose() => writing.Release();
    }
}
