using Sluice.Tests.Writes;
using Xunit;

namespace Sluice.LongTests;

/// <summary>Imports that are killed at more places than fit into the shorter tests.</summary>
public sealed class KilledImportSeedsTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 100)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Killed_anywhere_the_same_import_ends_with_the_world_that_was_intended(int seed)
    {
        await using var bench = await ImportBench.StartAsync();
        await KilledImport.AssertAsync(bench, seed);
    }
}
