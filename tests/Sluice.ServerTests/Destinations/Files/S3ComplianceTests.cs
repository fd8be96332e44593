using Xunit;

namespace Sluice.ServerTests.Destinations.Files;

// Long: rows, strategies and manifests are those of Parquet in a folder; what is an object store's own is in ObjectLayoutTests.
[Trait("length", "long")]
public sealed class S3ComplianceTests : ServerCompliance
{
    protected override ValueTask<DestinationPlace> NewPlaceAsync() => Places.NewAsync("s3");
}
