using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Destinations.ClickHouse;

/// <summary>A server from before most of what is used today.</summary>
public sealed class OldClickHouseComplianceTests : ServerCompliance
{
    protected override ValueTask<DestinationPlace> NewPlaceAsync() => ClickHouseTestPlace.NewAsync<ClickHouseServer>();
}
