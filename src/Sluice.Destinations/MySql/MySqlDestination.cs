using System.Data.Common;
using System.Globalization;
using Sluice.Destinations.Merge;
using Sluice.Engine;

namespace Sluice.Destinations.MySql;

/// <summary>A MySQL or MariaDB database.</summary>
internal sealed class MySqlDestination : RelationalDestination
{
    private const string Check = "_sluice_check";

    private readonly MySqlDatabase _database;
    private readonly MySqlAddress _address;
    private readonly TableLocks _locks;

    private MySqlDestination(MySqlAddress address, MySqlDatabase database)
        : base(database)
    {
        _address = address;
        _database = database;
        _locks = new TableLocks(database);
    }

    public override string Name => _address.ToString();

    public static async Task<MySqlDestination> OpenAsync(string uri, CancellationToken cancel)
    {
        var address = MySqlAddress.Parse(uri);
        var database = new MySqlDatabase(address);
        try
        {
            await database.ConnectAsync(cancel);
            return new MySqlDestination(address, database);
        }
        catch (DbException error)
        {
            await database.DisposeAsync();
            throw MySqlErrors.Explain("Connecting", address, error);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks a database with SQL, changes nothing in it, and hands out the rows as they come.</summary>
    public static async Task QueryAsync(string uri, string sql, Func<DbDataReader, Task> read, CancellationToken cancel)
    {
        await using var database = new MySqlDatabase(MySqlAddress.Parse(uri));
        await database.QueryAsync(sql, read, cancel);
    }

    public override Task LockAsync(string schema, string table, CancellationToken cancel) => _database.TryAsync(
        $"Locking {schema}.{table}",
        async () =>
        {
            await _locks.TakeAsync(schema, table, cancel);
            return true;
        },
        cancel);

    public override async ValueTask DisposeAsync()
    {
        await _locks.DisposeAsync();
        await base.DisposeAsync();
    }

    public override async Task<string> CheckAsync(CancellationToken cancel)
    {
        try
        {
            await using var session = await _database.OpenAsync(cancel);
            if (await session.ScalarAsync("SELECT @@global.read_only", cancel) == 1)
            {
                throw new SluiceException(
                    SluiceErrorKind.Destination, $"{Name} takes no writes; it is a replica or read-only.", "Name the primary.");
            }

            await RequireRightsAsync(session, cancel);
            var tables = await session.ScalarAsync(
                "SELECT count(*) FROM information_schema.tables WHERE table_schema = database() AND table_type = 'BASE TABLE'", cancel);
            return string.Create(CultureInfo.InvariantCulture, $"{_database.Server}, {tables} tables, writable");
        }
        catch (DbException error)
        {
            throw MySqlErrors.Explain("Checking", _address, error);
        }
    }

    // A temporary table is seen by this connection alone. Other rights can be told from nothing but grants, which name roles and patterns.
    private async Task RequireRightsAsync(DbSession session, CancellationToken cancel)
    {
        if (_address.Database is not { } database)
        {
            return;
        }

        var check = $"{MySqlNames.Quote(database)}.{MySqlNames.Quote(Check)}";
        await session.RunAsync($"CREATE TEMPORARY TABLE {check} (i INT)", cancel);
        await session.RunAsync($"DROP TEMPORARY TABLE {check}", cancel);
    }
}
