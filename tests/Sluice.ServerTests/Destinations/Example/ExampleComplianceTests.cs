namespace Sluice.ServerTests.Destinations.Example;

public sealed class ExampleComplianceTests : DestinationCompliance
{
    protected override bool HoldsNul => false;

    protected override ValueTask<DestinationPlace> NewPlaceAsync() => ValueTask.FromResult<DestinationPlace>(new ExamplePlace());
}
