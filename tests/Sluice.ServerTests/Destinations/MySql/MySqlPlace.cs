using Sluice.ServerTests.Servers;
using Xunit;

namespace Sluice.ServerTests.Destinations.MySql;

/// <summary>An empty MariaDB database.</summary>
public sealed class MySqlPlace : ServerPlace
{
    private readonly MariaDbServer _server;

    private MySqlPlace(MariaDbServer server, MariaDbDatabase database) => (_server, Database) = (server, database);

    /// <summary>The database, for another client.</summary>
    public MariaDbDatabase Database { get; }

    public override string Uri => Database.Uri;

    public override int Port => _server.Port;

    public override (string Uri, IReadOnlyDictionary<string, string> Environment) WrongPassword =>
        (_server.Uri(Database.Name, password: "not-the-password"), new Dictionary<string, string>(StringComparer.Ordinal));

    public override IReadOnlyList<string> Secrets { get; } =
        [MariaDbServer.Password, System.Uri.EscapeDataString(MariaDbServer.Password), "not-the-password"];

    public static async ValueTask<DestinationPlace> NewAsync()
    {
        var server =
            await TestContext.Current.GetFixture<MariaDbServer>() ?? throw new InvalidOperationException("The server is a fixture of the assembly.");
        return new MySqlPlace(server, await server.NewDatabaseAsync());
    }

    public override async Task<(string Uri, IReadOnlyDictionary<string, string> Environment)?> PowerlessAsync() =>
        (await Database.NewPowerlessUserAsync(), new Dictionary<string, string>(StringComparer.Ordinal));

    public override async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await base.DisposeAsync();
    }
}

/// <summary>Tests that each have an empty database.</summary>
public abstract class MySqlTests : IAsyncLifetime
{
    private protected MySqlPlace Place { get; private set; } = null!;

    private protected LoadHarness Desk => field ??= new LoadHarness(Place);

    public async ValueTask InitializeAsync() => Place = (MySqlPlace)await MySqlPlace.NewAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Place is not null)
        {
            await Place.DisposeAsync();
        }
    }
}
