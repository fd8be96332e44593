using Sluice.Benchmarks.Kill;
using Xunit;

namespace Sluice.LongTests;

/// <summary>The seeds after those of the tests of minutes.</summary>
public sealed class KillSeedsTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(3, 26)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_run_that_is_killed_again_and_again_ends_with_the_truth(int seed)
    {
        var result = await SeedRun.RunAsync(Scenario.Of(seed), TestContext.Current.CancellationToken);

        Assert.True(result.Differences.Count == 0, $"{result.Scenario}\n{string.Join('\n', result.Differences)}");
    }
}
