using System.Data.Common;
using DuckDB.NET.Data;
using MySqlConnector;
using Sluice.Destinations.Merge;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;

namespace Sluice.Destinations.MySql;

/// <summary>Connections to one MySQL or MariaDB server.</summary>
internal sealed class MySqlDatabase : RelationalDatabase, IRowWriter
{
    // Whatever the server's own settings are: times in UTC, no value that is cut or made to fit in silence, tables with transactions. Sorting looks
    // at the whole of keys, and nobody waits for ever behind a query that reads a table which is to be changed.
    private const string Settings =
        "SET time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', sql_safe_updates = 0, default_storage_engine = InnoDB, " +
            "max_sort_length = 4096, lock_wait_timeout = 600";

    // MariaDB reads JSON to this depth.
    private const int MostNested = 31;
    private const int StatementsPerPacket = 4;
    private const long MostStatementBytes = 4L * 1024 * 1024;

    private readonly MySqlAddress _address;
    private readonly MySqlDialect _dialect;
    private readonly MySqlNames _names;

    public MySqlDatabase(MySqlAddress address)
    {
        _address = address;
        _names = new MySqlNames(address.Database);
        _dialect = new MySqlDialect(_names);
    }

    public override SqlDialect Dialect => _dialect;

    /// <summary>What is known of the server.</summary>
    public MySqlServer Server => _dialect.Server;

    /// <summary>Connects for the first time, and learns what there is to know of the server.</summary>
    public async Task ConnectAsync(CancellationToken cancel)
    {
        await using var session = await OpenAsync(cancel);
        _dialect.Server = await MySqlServer.ReadAsync(session, _address.ToString(), cancel);
    }

    public override Task<DbSession> OpenAsync(CancellationToken cancel) => OpenAsync(isPooled: true, Settings, cancel);

    /// <summary>Opens a connection that is closed for good with its session, and its locks with it.</summary>
    public Task<DbSession> OpenAloneAsync(CancellationToken cancel) => OpenAsync(isPooled: false, Settings, cancel);

    public override async Task<DbSession> OpenToReadAsync(CancellationToken cancel)
    {
        var session = await OpenAsync(cancel);
        await session.RunAsync("SET SESSION TRANSACTION READ ONLY", cancel);
        return session;
    }

    // Without autocommit what comes after a statement that commits by itself is a transaction again.
    public override async Task<DbSession> BeginAsync(CancellationToken cancel)
    {
        var session = await OpenAsync(isPooled: false, $"{Settings}, autocommit = 0", cancel);
        try
        {
            await session.BeginAsync(cancel);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    public async Task<long> WriteAsync(
        DbSession session, string table, IReadOnlyList<LoadColumn> columns, bool isNew, DuckDBDataReader rows, CancellationToken cancel)
    {
        var names = string.Join(", ", columns.Select(column => Dialect.Quote(column.Name)));
        var most = Math.Min(MostStatementBytes, Server.MostPacketBytes / StatementsPerPacket);
        await using var insert = new RowInsert(session, $"INSERT INTO {table} ({names})", columns, most);
        return await insert.RunAsync(rows, cancel);
    }

    // A time before the year 1000 may work, but nobody promises it.
    public override string? UnsupportedWhen(string column, ColumnType type) => type switch
    {
        ColumnType.Double => $"(isnan({column}) OR isinf({column}))",
        ColumnType.Timestamp or ColumnType.UnixTime => $"{column} < TIMESTAMPTZ '1000-01-01 00:00:00+00'",
        _ => null,
    };

    // What is left when texts are taken out and then, again and again, what has nothing in it.
    public override string? RefusedWhen(string column, ColumnType type)
    {
        if (type != ColumnType.Json)
        {
            return null;
        }

        var left = $@"regexp_replace(CAST({column} AS VARCHAR), '""([^""\\]|\\.)*""', '', 'g')";
        for (var depth = 0; depth < MostNested; depth++)
        {
            left = $@"regexp_replace({left}, '[\[{{][^\[\]{{}}]*[\]}}]', '', 'g')";
        }

        return $@"regexp_matches({left}, '[\[{{]')";
    }

    public override bool IsValueError(DbException error) => MySqlErrors.IsValueError(error);

    public override SluiceException? Refuses(string schema, string table) => _names.Refuses(schema, table);

    // A statement that can't be read, a column or table that is not there or not clear, and a change in a transaction that only reads.
    protected override bool IsOfStatement(DbException error) => error is MySqlException { Number: 1064 or 1054 or 1146 or 1052 or 1792 };

    public override SluiceException Explain(string doing, DbException error) => MySqlErrors.Explain(doing, _address, error);

    public override async Task<SluiceException> LookUpAsync(
        SluiceException told, DbException error, LoadTarget? loaded, CancellationToken cancel)
    {
        if (loaded is null || error is not MySqlException refused)
        {
            return told;
        }

        try
        {
            await using var session = await OpenAsync(cancel);
            var table = _names.Table(loaded.Schema, loaded.Table);
            (string, object?)[] place = [("schema", _names.DatabaseOf(loaded.Schema)), ("table", _names.Bare(loaded.Schema, loaded.Table))];
            return await new MySqlCulprit(session, table, place).FindAsync(refused, cancel) is { } hint
                ? new SluiceException(told.Kind, told.Message, hint, error) { IsTransient = told.IsTransient }
                : told;
        }
        catch (DbException)
        {
            // Who can't be asked any more has said what there is to say.
            return told;
        }
    }

    public override ValueTask DisposeAsync()
    {
        using (var connection = new MySqlConnection(ConnectionString(isPooled: true)))
        {
            MySqlConnection.ClearPool(connection);
        }

        return base.DisposeAsync();
    }

    private async Task<DbSession> OpenAsync(bool isPooled, string settings, CancellationToken cancel)
    {
        var session = new DbSession(new MySqlConnection(ConnectionString(isPooled)), Dialect);
        try
        {
            await session.Connection.OpenAsync(cancel);
            await session.RunAsync(settings, cancel);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    private string ConnectionString(bool isPooled) =>
        new MySqlConnectionStringBuilder(_address.Connection.ConnectionString) { Pooling = isPooled }.ConnectionString;
}
