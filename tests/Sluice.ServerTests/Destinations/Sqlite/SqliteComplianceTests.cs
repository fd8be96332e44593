namespace Sluice.ServerTests.Destinations;

public sealed class SqliteComplianceTests : DestinationCompliance
{
    protected override ValueTask<DestinationPlace> NewPlaceAsync() => Places.NewAsync("sqlite");
}
