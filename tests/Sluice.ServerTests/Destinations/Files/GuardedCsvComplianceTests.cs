namespace Sluice.ServerTests.Destinations.Files;

public sealed class GuardedCsvComplianceTests : DestinationCompliance
{
    protected override bool HoldsNul => false;

    protected override ValueTask<DestinationPlace> NewPlaceAsync() => ValueTask.FromResult<DestinationPlace>(
        new FilePlace("csv", "out [1]* 50%25", "?formula_guard=true&compression=zstd&file_rows=150&partition_by=at:month"));
}
