namespace Sluice.ServerTests.Destinations.Files;

public sealed class JsonlComplianceTests : FormatCompliance
{
    protected override ValueTask<DestinationPlace> NewPlaceAsync() => Places.NewAsync("jsonl");
}
