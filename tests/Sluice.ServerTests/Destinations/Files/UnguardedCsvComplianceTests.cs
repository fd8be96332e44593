namespace Sluice.ServerTests.Destinations.Files;

public sealed class UnguardedCsvComplianceTests : FormatCompliance
{
    protected override bool HoldsNul => false;

    protected override ValueTask<DestinationPlace> NewPlaceAsync() => Places.NewAsync(Places.UnguardedCsv);
}
