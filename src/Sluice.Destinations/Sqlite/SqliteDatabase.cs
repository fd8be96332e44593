using System.Data.Common;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using Sluice.Destinations.Merge;
using Sluice.Engine;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Sqlite;

/// <summary>Connections to one SQLite file.</summary>
/// <param name="address">The file.</param>
/// <param name="patience">How long another program may write before we say that it is in the way; half a minute if null.</param>
internal sealed partial class SqliteDatabase(FileAddress address, TimeSpan? patience = null) : RelationalDatabase, IRowWriter
{
    private const int Busy = 5;
    private const int Constraint = 19;
    private const int TriggerRaised = 1811;
    private const int LookSeconds = 1;

    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(30);

    // Two tables of one run are no reason to wait for a lock in the file, and to give up.
    private readonly SemaphoreSlim _writing = new(1);

    static SqliteDatabase() => Batteries_V2.Init();

    public override SqlDialect Dialect { get; } = new SqliteDialect();

    public override RowSql Rows { get; } = new SqliteRowSql();

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

    public override Task<DbSession> OpenToReadAsync(CancellationToken cancel) => Task.FromResult(Open(SqliteOpenMode.ReadOnly));

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

    // SQLITE_ERROR is what is wrong with a statement's text, SQLITE_READONLY that it would change something.
    protected override bool IsOfStatement(DbException error) => error is SqliteException { SqliteErrorCode: 1 or 8 };

    public override SluiceException Explain(string doing, DbException error) => SqliteErrors.Explain(doing, address.Path, error);

    // The message names columns or is a trigger's own; which index or trigger it was, only the schema knows.
    public override async Task<SluiceException> LookUpAsync(
        SluiceException told, DbException error, LoadTarget? loaded, CancellationToken cancel)
    {
        if (loaded is null || error is not SqliteException { SqliteErrorCode: 1 or Constraint } refused)
        {
            return told;
        }

        var table = SqliteDialect.NameOf(loaded.Schema, loaded.Table);
        var isUnique = refused.Message.Contains("UNIQUE constraint failed", StringComparison.Ordinal);
        var isConstraint = refused.SqliteErrorCode == Constraint && refused.SqliteExtendedErrorCode != TriggerRaised;
        var statements = isUnique ? await IndexesAsync(table, cancel)
            : isConstraint ? []
            : await TriggersAsync(table, refused, cancel);
        if (statements.Count == 0 && !isConstraint)
        {
            return told;
        }

        var hint = statements.Count > 0
            ? $"Take it out of the way, and make it again afterwards if rows allow it: {string.Join(' ', statements)}"
            : "SQLite can't drop a constraint: name another table with --dest-table, or let this one be made anew: DROP TABLE " +
                $"{Dialect.Quote(table)};";
        return new SluiceException(told.Kind, told.Message, hint, error);
    }

    private async Task<IReadOnlyList<string>> IndexesAsync(string table, CancellationToken cancel)
    {
        await using var session = Open(SqliteOpenMode.ReadWrite);
        return await session.ListAsync(
            "SELECT name FROM pragma_index_list(@table, 'main') WHERE \"unique\" = 1 AND origin = 'c' AND name NOT LIKE '%sluice_key'",
            row => $"DROP INDEX {Dialect.Quote(row.GetString(0))};",
            cancel,
            ("table", table));
    }

    // Those whose text has the words or the name of the message; of what was raised with words that were put together, all of them.
    private async Task<IReadOnlyList<string>> TriggersAsync(string table, SqliteException refused, CancellationToken cancel)
    {
        await using var session = Open(SqliteOpenMode.ReadWrite);
        var triggers = await session.ListAsync(
            "SELECT name, sql FROM main.sqlite_master WHERE type = 'trigger' AND tbl_name = @table COLLATE NOCASE",
            row => (Removal: $"DROP TRIGGER {Dialect.Quote(row.GetString(0))};", Sql: row.GetString(1)),
            cancel,
            ("table", table));
        var message = Said().Match(refused.Message).Groups["said"].Value;
        var word = message[(message.LastIndexOfAny([' ', '.']) + 1)..];
        var named = triggers.Where(trigger => Has(trigger.Sql, refused.SqliteErrorCode == Constraint ? message : word)).ToList();
        return [.. (named.Count == 0 && refused.SqliteErrorCode == Constraint ? triggers : named).Select(trigger => trigger.Removal)];

        static bool Has(string sql, string words) => words.Length > 0 && sql.Contains(words, StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex("'(?<said>.*)'", RegexOptions.Singleline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Said();

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
