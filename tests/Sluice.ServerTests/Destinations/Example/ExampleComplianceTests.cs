using Xunit;

namespace Sluice.ServerTests.Destinations.Example;

// Long, for what it shares with DuckDB, SQLite and PostgreSQL they keep in minutes: a destination that people use is without this line.
[Trait("length", "long")]
public sealed class ExampleComplianceTests : DestinationCompliance
{
    protected override bool HoldsNul => false;

    protected override ValueTask<DestinationPlace> NewPlaceAsync() => ValueTask.FromResult<DestinationPlace>(new ExamplePlace());
}
