using System.Data.Common;
using DuckDB.NET.Data;
using Npgsql;
using Sluice.Destinations.Merge;
using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Destinations.Postgres;

/// <summary>Connections to one PostgreSQL database.</summary>
internal sealed class PostgresDatabase(PostgresAddress address) : RelationalDatabase, IRowWriter
{
    private readonly string _connection = address.Connection.ConnectionString;

    public override SqlDialect Dialect { get; } = new PostgresDialect();

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

    public override string? UnsupportedWhen(string column, ColumnType type) => type switch
    {
        ColumnType.Text => $"contains({column}, chr(0))",
        ColumnType.Json => $@"contains(CAST({column} AS VARCHAR), '\u0000') AND regexp_matches(CAST({column} AS VARCHAR), '(^|[^\\])(\\\\)*\\u0000')",
        _ => null,
    };

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

    public override SluiceException Explain(string doing, DbException error) => PostgresErrors.Explain(doing, address, error);

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
