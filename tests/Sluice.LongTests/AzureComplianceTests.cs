using Sluice.ServerTests.Destinations;

namespace Sluice.LongTests;

/// <summary>The whole promise on Azure, whose client alone differs from S3's: its formats are read in the tests of minutes, too.</summary>
public sealed class AzureComplianceTests : ServerCompliance
{
    protected override bool HoldsNul => false;

    protected override ValueTask<DestinationPlace> NewPlaceAsync() => Places.NewAsync("azblob");
}
