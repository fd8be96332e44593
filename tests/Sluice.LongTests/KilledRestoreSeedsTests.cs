using Sluice.Tests.Writes.Backup;
using Xunit;

namespace Sluice.LongTests;

/// <summary>Restores that are killed at more places, of workspaces that have lost other things, than fit into the shorter tests.</summary>
public sealed class KilledRestoreSeedsTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(10, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Killed_anywhere_the_same_restore_does_the_rest_and_nothing_twice(int seed)
    {
        await using var bench = await BackupBench.StartAsync();
        await KilledRestore.AssertAsync(bench, seed);
    }
}
