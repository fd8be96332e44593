using Sluice.Engine.Load;

namespace Sluice.ServerTests.Destinations;

public sealed class DuckDbComplianceTests : DestinationCompliance
{
    protected override bool StagesElsewhere => false;

    protected override ValueTask<DestinationPlace> NewPlaceAsync() => Places.NewAsync("duckdb");

    // One process has a DuckDB file open at a time, and one instance of the engine in it.
    protected override Task<IDestination> OpenReaderAsync(IDestination writer) => Task.FromResult<IDestination>(new BorrowedDestination(writer));
}
