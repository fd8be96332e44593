namespace Sluice.ServerTests.Destinations.Files;

public sealed class PartitionedParquetComplianceTests : DestinationCompliance
{
    protected override ValueTask<DestinationPlace> NewPlaceAsync() =>
        ValueTask.FromResult<DestinationPlace>(new FilePlace("parquet", "out", "?file_rows=70&partition_by=at&row_group_rows=2048"));
}
