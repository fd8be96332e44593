using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Destinations.ClickHouse;

/// <summary>A server from before most of what is used today.</summary>
public sealed class OldClickHouseComplianceTests(ClickHouseServer server) : ServerCompliance
{
    protected override async ValueTask<DestinationPlace> NewPlaceAsync() => new ClickHouseTestPlace(server, await server.NewDatabaseAsync());
}
