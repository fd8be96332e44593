namespace Sluice.ServerTests.Destinations.Files;

public sealed class PartitionedJsonlComplianceTests : FormatCompliance
{
    protected override ValueTask<DestinationPlace> NewPlaceAsync() => Places.NewAsync(Places.PartitionedJsonl);
}
