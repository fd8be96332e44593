using Sluice.ServerTests.Servers;
using Xunit;

namespace Sluice.ServerTests.Destinations.ClickHouse;

/// <summary>A database of one test on a ClickHouse.</summary>
internal sealed class ClickHouseTestPlace(ClickHouseHttpServer server, ClickHouseDatabase database) : ServerPlace
{
    public override string Uri => database.Uri;

    public override int Port => server.Port;

    public ClickHouseDatabase Database => database;

    public override (string Uri, IReadOnlyDictionary<string, string> Environment) WrongPassword =>
        (server.Uri(database.Name, ClickHouseHttpServer.User, "wr0ng-passw0rd"), new Dictionary<string, string>());

    public override IReadOnlyList<string> Secrets =>
        [ClickHouseHttpServer.Password, System.Uri.EscapeDataString(ClickHouseHttpServer.Password), "wr0ng-passw0rd"];

    /// <summary>Makes an empty database on a server of the kind.</summary>
    public static async ValueTask<DestinationPlace> NewAsync<TServer>()
        where TServer : ClickHouseHttpServer
    {
        var server =
            await TestContext.Current.GetFixture<TServer>() ?? throw new InvalidOperationException("The server is a fixture of the assembly.");
        return new ClickHouseTestPlace(server, await server.NewDatabaseAsync());
    }

    public override Task<(string Uri, IReadOnlyDictionary<string, string> Environment)?> PowerlessAsync() =>
        Task.FromResult<(string, IReadOnlyDictionary<string, string>)?>((database.ReaderUri, new Dictionary<string, string>()));

    public override async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        await base.DisposeAsync();
    }
}
