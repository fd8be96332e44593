using Sluice.ServerTests.Destinations;

namespace Sluice.LongTests;

// The whole promise for each format: in the tests of minutes Parquet and S3 stand for what the formats share.
public sealed class WholeCsvTests : DestinationCompliance
{
    protected override bool HoldsNul => false;

    protected override ValueTask<DestinationPlace> NewPlaceAsync() => Places.NewAsync("csv");
}

public sealed class WholeUnguardedCsvTests : DestinationCompliance
{
    protected override bool HoldsNul => false;

    protected override ValueTask<DestinationPlace> NewPlaceAsync() => Places.NewAsync(Places.UnguardedCsv);
}

public sealed class WholeJsonlTests : DestinationCompliance
{
    protected override ValueTask<DestinationPlace> NewPlaceAsync() => Places.NewAsync("jsonl");
}

public sealed class WholePartitionedJsonlTests : DestinationCompliance
{
    protected override ValueTask<DestinationPlace> NewPlaceAsync() => Places.NewAsync(Places.PartitionedJsonl);
}

public sealed class WholePartitionedParquetTests : DestinationCompliance
{
    protected override ValueTask<DestinationPlace> NewPlaceAsync() => Places.NewAsync(Places.PartitionedParquet);
}
