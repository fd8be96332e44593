namespace Sluice.ServerTests.Destinations.Files;

public sealed class JsonlComplianceTests : DestinationCompliance
{
    protected override ValueTask<DestinationPlace> NewPlaceAsync() => Places.NewAsync("jsonl");
}
