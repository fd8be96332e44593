using System.Data.Common;
using Microsoft.Data.Sqlite;
using Sluice.Destinations.Merge;
using Sluice.Engine;

namespace Sluice.Destinations.Sqlite;

/// <summary>A SQLite file.</summary>
internal sealed class SqliteDestination : RelationalDestination
{
    private readonly SqliteDatabase _database;
    private readonly FileAddress _address;

    private SqliteDestination(FileAddress address, SqliteDatabase database)
        : base(database)
    {
        _address = address;
        _database = database;
    }

    public override string Name => _address.ToString();

    public static async Task<SqliteDestination> OpenAsync(string uri, CancellationToken cancel)
    {
        if (uri.Contains('?', StringComparison.Ordinal))
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"{uri} has options, and there are none for SQLite.",
                "Give the file alone: sqlite:///customerio.db");
        }

        var address = FileAddress.Parse(uri, ".db");
        address.RequireFolder();
        var database = new SqliteDatabase(address);
        try
        {
            await database.CreateAsync(cancel);
            return new SqliteDestination(address, database);
        }
        catch (DbException error)
        {
            await database.DisposeAsync();
            throw database.Explain("Opening", error);
        }
    }

    public override async Task<string> CheckAsync(CancellationToken cancel)
    {
        try
        {
            await using var session = await _database.BeginAsync(cancel);
            await session.RunAsync("CREATE TABLE _sluice_check (i INTEGER)", cancel);
            var tables = await session.ScalarAsync("SELECT count(*) - 1 FROM sqlite_master WHERE type = 'table'", cancel);
            return $"SQLite {((SqliteConnection)session.Connection).ServerVersion}, {tables} tables, writable";
        }
        catch (DbException error)
        {
            throw _database.Explain("Checking", error);
        }
    }
}
