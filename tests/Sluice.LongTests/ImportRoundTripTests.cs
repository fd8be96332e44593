using Sluice.Tests.Writes;
using Xunit;

namespace Sluice.LongTests;

public sealed class ImportRoundTripTests
{
    [Fact]
    public async Task Twenty_thousand_people_come_back_as_they_stand_in_the_file()
    {
        await using var bench = await ImportBench.StartAsync();
        await ImportRoundTrip.AssertAsync(bench, 20_000);
    }
}
