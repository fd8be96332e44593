namespace Sluice.ServerTests.Destinations.Files;

public sealed class ParquetComplianceTests : DestinationCompliance
{
    protected override ValueTask<DestinationPlace> NewPlaceAsync() => Places.NewAsync("parquet");
}
