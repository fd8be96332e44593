namespace Sluice.ServerTests.Destinations.Files;

public sealed class PartitionedParquetComplianceTests : FormatCompliance
{
    protected override ValueTask<DestinationPlace> NewPlaceAsync() => Places.NewAsync(Places.PartitionedParquet);
}
