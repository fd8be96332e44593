namespace Sluice.ServerTests.Destinations.Files;

public sealed class CsvComplianceTests : FormatCompliance
{
    // Most readers of CSV end a text, or give up, at U+0000.
    protected override bool HoldsNul => false;

    protected override ValueTask<DestinationPlace> NewPlaceAsync() => Places.NewAsync("csv");
}
