namespace Sluice.ServerTests.Destinations.Files;

public sealed class PartitionedJsonlComplianceTests : DestinationCompliance
{
    protected override ValueTask<DestinationPlace> NewPlaceAsync() =>
        ValueTask.FromResult<DestinationPlace>(new FilePlace("jsonl", "out", "?compression=gzip&file_rows=100&partition_by=at:year,_sluice_loaded_at"));
}
