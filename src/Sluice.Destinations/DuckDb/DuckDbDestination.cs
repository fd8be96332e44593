using System.Data.Common;
using System.Globalization;
using DuckDB.NET.Data;
using Sluice.Destinations.Relational;
using Sluice.Destinations.Staging;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.DuckDb;

/// <summary>A DuckDB file. The shaper's SQL runs in the file's own engine, so rows go from the spool into the table without a detour.</summary>
internal sealed class DuckDbDestination : IDestination
{
    private readonly InterruptibleConnection _connection;
    private readonly FileAddress _address;
    private readonly HashSet<string> _schemas = new(StringComparer.OrdinalIgnoreCase);

    private DuckDbDestination(FileAddress address, InterruptibleConnection connection)
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
        var connection = new InterruptibleConnection(DuckDbSettings.ConnectionString(address.Path));
        try
        {
            await connection.OpenAsync(cancel);
            return new DuckDbDestination(address, connection);
        }
        catch (DuckDBException error)
        {
            await connection.DisposeAsync();
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
            return $"DuckDB {_connection.ServerVersion}, {tables} tables, writable";
        }
        catch (DuckDBException error)
        {
            throw DuckDbErrors.Opening(_address.Path, error);
        }
    }

    public async Task<ITableLoad> BeginLoadAsync(LoadTarget target, CancellationToken cancel)
    {
        try
        {
            if (_schemas.Add(target.Schema))
            {
                await _connection.RunAsync(StageTables.Create(_connection.Database, target.Schema), cancel);
                await using var session = await Place.OpenAsync(cancel);
                await BookTables.CreateAsync(session, target.Schema, cancel);
            }

            return await BeginLoadAsync(_connection.Duplicate(), target, cancel);
        }
        catch (DuckDBException error)
        {
            throw DuckDbErrors.Writing($"{target.Schema}.{target.Table}", error);
        }
    }

    private static async Task<ITableLoad> BeginLoadAsync(DuckDBConnection connection, LoadTarget target, CancellationToken cancel)
    {
        try
        {
            return await StagedLoad.BeginAsync(connection, target, new DuckDbPublisher(connection, target), cancel);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public IBooks Books(string schema) => new RelationalBooks(Place, schema);

    public async Task<DbDataReader?> ReadTableAsync(string schema, string table, IReadOnlyList<string> orderBy, CancellationToken cancel)
    {
        try
        {
            // A load may be using the destination's own connection at the same time, and a stream blocks its connection.
            var connection = _connection.Duplicate();
            var columns = await TableColumns.ReadAsync(connection, schema, table, cancel);
            if (columns.Count == 0)
            {
                await connection.DisposeAsync();
                return null;
            }

            var order = string.Join(", ", orderBy.Select(column => $"{StageTables.Quote(column)} ASC NULLS FIRST"));
            var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM {StageTables.Name(connection.Database, schema, table)}{(order.Length == 0 ? "" : $" ORDER BY {order}")}";
            var rows = await command.ExecuteReaderAsync(cancel);
            return new TypedReader(
                rows, [.. columns.Values.Select(SqlType.Parse)], ordinal => Convert.ToString(rows.GetValue(ordinal), CultureInfo.InvariantCulture)!,
                error => error is DuckDBException refused ? DuckDbErrors.Reading($"{schema}.{table}", refused) : null, command, connection);
        }
        catch (DuckDBException error)
        {
            throw DuckDbErrors.Reading($"{schema}.{table}", error);
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
