using Sluice.Tests.Writes.Push;
using Xunit;

namespace Sluice.LongTests;

/// <summary>Pushes that are killed at more places than fit into the shorter tests.</summary>
public sealed class KilledPushSeedsTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(7, 30)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Killed_anywhere_the_next_push_ends_with_the_world_that_the_source_says(int seed)
    {
        await using var bench = await PushBench.StartAsync();
        await KilledPush.AssertAsync(bench, seed);
    }
}
