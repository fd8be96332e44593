namespace Sluice.ServerTests.Destinations.Files;

public sealed class S3ComplianceTests : ServerCompliance
{
    protected override ValueTask<DestinationPlace> NewPlaceAsync() => Places.NewAsync("s3");
}
