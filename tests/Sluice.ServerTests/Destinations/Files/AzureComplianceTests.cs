namespace Sluice.ServerTests.Destinations.Files;

public sealed class AzureComplianceTests : ServerCompliance
{
    protected override bool HoldsNul => false;

    protected override ValueTask<DestinationPlace> NewPlaceAsync() => Places.NewAsync("azblob");
}
