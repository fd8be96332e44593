using Sluice.ServerTests.Servers;
using Xunit;

namespace Sluice.ServerTests.Destinations;

/// <summary>An empty PostgreSQL database.</summary>
public sealed class PostgresPlace : ServerPlace
{
    private readonly PostgresServer _server;

    private PostgresPlace(PostgresServer server, PostgresDatabase database) => (_server, Database) = (server, database);

    /// <summary>The database, for another client.</summary>
    public PostgresDatabase Database { get; }

    public override string Uri => Database.Uri;

    public override int Port => _server.Port;

    public override (string Uri, IReadOnlyDictionary<string, string> Environment) WrongPassword =>
        (_server.Uri(Database.Name, password: "not-the-password"), new Dictionary<string, string>(StringComparer.Ordinal));

    public override IReadOnlyList<string> Secrets { get; } =
    [PostgresServer.Password, System.Uri.EscapeDataString(PostgresServer.Password), "not-the-password"];

    public static ValueTask<DestinationPlace> NewAsync() => NewAsync("UTF8");

    /// <summary>An empty database in an encoding.</summary>
    public static async ValueTask<DestinationPlace> NewAsync(string encoding)
    {
        var server =
            await TestContext.Current.GetFixture<PostgresServer>() ?? throw new InvalidOperationException("The server is a fixture of the assembly.");
        return new PostgresPlace(server, await server.NewDatabaseAsync(encoding));
    }

    public override async Task<(string Uri, IReadOnlyDictionary<string, string> Environment)?> PowerlessAsync() =>
        (await Database.NewPowerlessRoleAsync(), new Dictionary<string, string>(StringComparer.Ordinal));

    public override async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await base.DisposeAsync();
    }
}
