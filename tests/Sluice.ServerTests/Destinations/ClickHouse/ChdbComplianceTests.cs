using Sluice.ServerTests.Servers;

namespace Sluice.ServerTests.Destinations.ClickHouse;

/// <summary>Today's engine.</summary>
public sealed class ChdbComplianceTests : ServerCompliance
{
    protected override (DateTimeOffset First, DateTimeOffset Last) Times =>
        (new DateTimeOffset(1900, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2299, 12, 31, 23, 59, 59, TimeSpan.Zero));

    protected override ValueTask<DestinationPlace> NewPlaceAsync() => ClickHouseTestPlace.NewAsync<ChdbServer>();
}
