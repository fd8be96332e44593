using Xunit;

namespace Sluice.ServerTests.Destinations.MySql;

// Long, for what it shares with PostgreSQL and ClickHouse they keep in minutes; what is MySQL's own is in MySqlTableTests.
[Trait("length", "long")]
public sealed class MySqlComplianceTests : ServerCompliance
{
    protected override (DateTimeOffset First, DateTimeOffset Last) Times =>
        (new DateTimeOffset(1000, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero));

    protected override ValueTask<DestinationPlace> NewPlaceAsync() => Places.NewAsync("mysql");
}
