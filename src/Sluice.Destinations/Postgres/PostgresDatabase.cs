using System.Data.Common;
using DuckDB.NET.Data;
using Npgsql;
using Sluice.Destinations.Merge;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Postgres;

/// <summary>Connections to one PostgreSQL database.</summary>
internal sealed class PostgresDatabase(PostgresAddress address) : RelationalDatabase, IRowWriter
{
    private readonly string _connection = address.Connection.ConnectionString;

    public override SqlDialect Dialect { get; } = new PostgresDialect();

    public override RowSql Rows { get; } = new PostgresRowSql();

    /// <summary>Which characters the database can hold.</summary>
    public PostgresEncoding Encoding { get; private set; } = PostgresEncoding.Utf8;

    /// <summary>Connects for the first time, and learns what there is to know of the database.</summary>
    public async Task ConnectAsync(CancellationToken cancel)
    {
        await using var session = await OpenAsync(cancel);
        Encoding = await PostgresEncoding.ReadAsync(session, cancel);
    }

    public override async Task<DbSession> OpenAsync(CancellationToken cancel)
    {
        var connection = new NpgsqlConnection(_connection);
        try
        {
            await connection.OpenAsync(cancel);
            return new DbSession(connection, Dialect);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public override async Task<DbSession> OpenToReadAsync(CancellationToken cancel)
    {
        var session = await BeginAsync(cancel);
        await session.RunAsync("SET TRANSACTION READ ONLY", cancel);
        return session;
    }

    public async Task<long> WriteAsync(
        DbSession session, string table, IReadOnlyList<LoadColumn> columns, bool isNew, DuckDBDataReader rows, CancellationToken cancel)
    {
        var names = string.Join(", ", columns.Select(column => Dialect.Quote(column.Name)));

        // Frozen rows of a table that nobody sees yet save the work of looking at each of them again, and a reader whose snapshot is older sees them
        // too.
        var sql = $"COPY {table} ({names}) FROM STDIN (FORMAT BINARY{(isNew ? ", FREEZE" : "")})";
        var stream = await ((NpgsqlConnection)session.Connection).BeginRawBinaryCopyAsync(sql, cancel);
        try
        {
            var written = await new BinaryCopy(stream, columns).WriteAsync(rows, cancel);
            await stream.DisposeAsync();
            return written;
        }
        catch (Exception error) when (error is not DbException and not IOException)
        {
            await CancelAsync(stream);
            throw;
        }
    }

    public override string? UnsupportedWhen(string column, ColumnType type)
    {
        var zero = type switch
        {
            ColumnType.Text => $"contains({column}, chr(0))",
            ColumnType.Json =>
                $@"contains(CAST({column} AS VARCHAR), '\u0000') AND regexp_matches(CAST({column} AS VARCHAR), '(^|[^\\])(\\\\)*\\u0000')",
            _ => null,
        };
        return Encoding.LacksWhen(column, type) is { } lacks ? $"({zero}) OR {lacks}" : zero;
    }

    public override string RejectText(string value) => Encoding.InAscii(value);

    // A jsonb number has at most 131,072 digits before its point and 16,383 behind: what comes near that is taken for too long.
    public override string? RefusedWhen(string column, ColumnType type) => type == ColumnType.Json
        ? $@"regexp_matches(CAST({column} AS VARCHAR), '(^|[:,\[])\s*-?[0-9]+(\.[0-9]+)?[eE][-+]?0*[1-9][0-9]{{4,}}|[0-9]{{1000}}')"
        : null;

    public override bool IsValueError(DbException error) => PostgresErrors.IsValueError(error);

    public override SluiceException? Refuses(string schema, string table) =>
        new[] { schema, table }.FirstOrDefault(name => !PostgresDialect.Limit.Takes(name)) is { } name
            ? new SluiceException(
                SluiceErrorKind.Config,
                $"{name} is longer than the {PostgresDialect.Limit.MostBytes} bytes that PostgreSQL takes for a name.",
                "Choose a shorter one with --dest-schema or --dest-table.")
            : null;

    // Class 42 is what is wrong with a statement, but for a right that is missing; 25006 is a change in a transaction that only reads.
    protected override bool IsOfStatement(DbException error) => error is PostgresException { SqlState: "25006" }
        || (error is PostgresException { SqlState: not "42501" } refused && refused.SqlState.StartsWith("42", StringComparison.Ordinal));

    public override SluiceException Explain(string doing, DbException error) => PostgresErrors.Explain(doing, address, error);

    public override async Task<SluiceException> LookUpAsync(
        SluiceException told, DbException error, LoadTarget? loaded, CancellationToken cancel)
    {
        if (error is not PostgresException refused)
        {
            return told;
        }

        try
        {
            await using var session = await OpenAsync(cancel);
            var user = PostgresDialect.Quoted(address.Connection.Username!);
            return await PostgresCulprit.FindAsync(session, refused, user, loaded, cancel) is { } hint
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
        using (var connection = new NpgsqlConnection(_connection))
        {
            NpgsqlConnection.ClearPool(connection);
        }

        return base.DisposeAsync();
    }

    private static async Task CancelAsync(NpgsqlRawCopyStream stream)
    {
        try
        {
            await stream.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // A write that was cancelled has ended the copy itself.
        }
    }
}
