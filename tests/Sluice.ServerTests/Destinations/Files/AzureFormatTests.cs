namespace Sluice.ServerTests.Destinations.Files;

/// <summary>Every value, type and name on Azure; the rest of the promise is S3's, over the same code.</summary>
public sealed class AzureFormatTests : FormatCompliance
{
    protected override bool HoldsNul => false;

    protected override ValueTask<DestinationPlace> NewPlaceAsync() => Places.NewAsync("azblob");
}
