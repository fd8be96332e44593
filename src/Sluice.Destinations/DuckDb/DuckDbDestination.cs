using System.Data;
using System.Data.Common;
using Sluice.Destinations.Relational;
using Sluice.DuckDb;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;

namespace Sluice.Destinations.DuckDb;

/// <summary>A DuckDB file. The shaper's SQL runs in the file's own engine, so rows go from the spool into the table without a detour.</summary>
internal sealed class DuckDbDestination : IDestination
{
    private readonly DuckDBConnection _connection;
    private readonly FileAddress _address;
    private readonly SemaphoreSlim _creating = new(1);
    private readonly HashSet<string> _schemas = new(StringComparer.OrdinalIgnoreCase);

    private DuckDbDestination(FileAddress address, DuckDBConnection connection)
    {
        _address = address;
        _connection = connection;
    }

    public string Name => _address.ToString();

    private DuckDbBookPlace Place => new(_connection, _address.Path);

    public static async Task<DuckDbDestination> OpenAsync(string uri, CancellationToken cancel)
    {
        var address = FileAddress.Parse(uri, ".duckdb");
        address.RequireFolder();
        try
        {
            return new DuckDbDestination(address, await DuckDbSettings.OpenAsync(address.Path, cancel));
        }
        catch (DuckDBException error)
        {
            throw DuckDbErrors.Opening(address.Path, error);
        }
    }

    public async Task<string> CheckAsync(CancellationToken cancel)
    {
        try
        {
            await using var transaction = _connection.BeginTransaction();
            await _connection.RunAsync("CREATE TABLE _sluice_check(i INTEGER)", cancel);
            transaction.Rollback();
            var tables = await _connection.ScalarAsync("SELECT count(*) FROM duckdb_tables() WHERE NOT internal", cancel);
            return $"DuckDB {DuckDBConnection.LibraryVersion}, {tables} tables, writable";
        }
        catch (DuckDBException error)
        {
            throw DuckDbErrors.Opening(_address.Path, error);
        }
    }

    public async Task<ITargetWriter> OpenWriterAsync(LoadTarget target, CancellationToken cancel)
    {
        await _creating.WaitAsync(cancel);
        try
        {
            if (!_schemas.Contains(target.Schema))
            {
                await using var session = await Place.OpenAsync(cancel);
                await BookTables.CreateAsync(session, target.Schema, cancel);
                _schemas.Add(target.Schema);
            }

            return new DuckDbPublisher(_connection.Duplicate(), target);
        }
        catch (DuckDBException error)
        {
            throw DuckDbErrors.Writing($"{target.Schema}.{target.Table}", error);
        }
        finally
        {
            _creating.Release();
        }
    }

    public ISystemTables SystemTables(string schema) => new RelationalBooks(Place, schema);

    public async Task<DbDataReader?> ReadTableAsync(string schema, string table, IReadOnlyList<string> orderBy, CancellationToken cancel)
    {
        try
        {
            // A load may be using the destination's own connection at the same time.
            await using var looking = _connection.Duplicate();
            var columns = await looking.ColumnsAsync(schema, table, cancel);
            if (columns.Count == 0)
            {
                return null;
            }

            return await ReadAsync(_connection.Duplicate(), schema, table, orderBy, cancel);
        }
        catch (DuckDBException error)
        {
            throw DuckDbErrors.Reading($"{schema}.{table}", error);
        }
    }

    public ValueTask DisposeAsync()
    {
        _creating.Dispose();
        return _connection.DisposeAsync();
    }

    // A stream blocks its connection: it gets one of its own and closes it at its end.
    private static async Task<DbDataReader> ReadAsync(DuckDBConnection connection, string schema, string table, IReadOnlyList<string> orderBy, CancellationToken cancel)
    {
        try
        {
            await connection.RunAsync(DuckDbSettings.Session, cancel);
            var command = connection.CreateCommand();
            var order = string.Join(", ", orderBy.Select(column => $"{StagingTables.Quote(column)} ASC NULLS FIRST"));
            command.CommandText = $"SELECT * FROM {StagingTables.Name(connection.Database, schema, table)}{(order.Length == 0 ? "" : $" ORDER BY {order}")}";
            return await command.ExecuteReaderAsync(CommandBehavior.CloseConnection, cancel);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
