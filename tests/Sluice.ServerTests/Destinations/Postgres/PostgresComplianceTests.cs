namespace Sluice.ServerTests.Destinations;

public sealed class PostgresComplianceTests : ServerCompliance
{
    protected override bool HoldsNul => false;

    protected override ValueTask<DestinationPlace> NewPlaceAsync() => Places.NewAsync("postgresql");
}
