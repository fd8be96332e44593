using System.Data.Common;
using Sluice.Destinations;
using Sluice.Destinations.Merge;

namespace Sluice.ServerTests.Destinations.Example;

/// <summary>An Example file.</summary>
internal sealed class ExampleDestination : RelationalDestination
{
    private readonly FileAddress _address;
    private readonly ExampleDatabase _database;

    private ExampleDestination(FileAddress address, ExampleDatabase database)
        : base(database)
    {
        _address = address;
        _database = database;
    }

    public override string Name => _address.ToString();

    public static async Task<ExampleDestination> OpenAsync(string uri, CancellationToken cancel)
    {
        var address = FileAddress.Parse(uri, ".example");
        address.RequireFolder();
        var database = new ExampleDatabase(address);
        try
        {
            await database.ConnectAsync(cancel);
            return new ExampleDestination(address, database);
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
            // Never committed: the table is gone with the session.
            await using var session = await _database.BeginAsync(cancel);
            await session.RunAsync("CREATE TABLE _sluice_check (i INTEGER)", cancel);
            return $"Example {session.Connection.ServerVersion}, writable";
        }
        catch (DbException error)
        {
            throw _database.Explain("Checking", error);
        }
    }
}
