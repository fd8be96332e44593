using DuckDB.NET.Data;
using Sluice.Destinations.Merge;
using Sluice.Engine.DuckDb;

namespace Sluice.Destinations.DuckDb;

/// <summary>A DuckDB file as a destination.</summary>
internal sealed class DuckDbDestination : RelationalDestination
{
    private readonly InterruptibleConnection _connection;
    private readonly FileAddress _address;

    private DuckDbDestination(FileAddress address, InterruptibleConnection connection)
        : base(new DuckDbDatabase(connection, address.Path))
    {
        _address = address;
        _connection = connection;
    }

    public override string Name => _address.ToString();

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

    /// <summary>Opens a file that is there, without what makes it a destination.</summary>
    public static async Task<RelationalDatabase> OpenDatabaseAsync(string uri, bool isToWrite, CancellationToken cancel)
    {
        var address = FileAddress.Parse(uri, ".duckdb");
        var connection = new InterruptibleConnection(
            DuckDbSettings.ConnectionString(address.Path) + (isToWrite ? "" : ";access_mode=READ_ONLY"));
        try
        {
            await connection.OpenAsync(cancel);
            return new DuckDbDatabase(connection, address.Path);
        }
        catch (DuckDBException error)
        {
            await connection.DisposeAsync();
            throw DuckDbErrors.Opening(address.Path, error);
        }
    }

    public override async Task<string> CheckAsync(CancellationToken cancel)
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
}
