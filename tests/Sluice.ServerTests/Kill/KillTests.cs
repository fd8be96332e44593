using Sluice.Benchmarks.Kill;
using Xunit;

namespace Sluice.ServerTests.Kill;

/// <summary>Some of the seeds that <c>Sluice.Benchmarks kill</c> runs by the hundred.</summary>
public sealed class KillTests
{
    public static TheoryData<int> LongSeeds => [.. Enumerable.Range(2, 27)];

    [Theory]
    [InlineData(1)]
    [MemberData(nameof(LongSeeds), Traits = ["length", "long"])]
    public async Task A_run_that_is_killed_again_and_again_ends_with_the_truth(int seed)
    {
        var result = await SeedRun.RunAsync(Scenario.Of(seed), TestContext.Current.CancellationToken);

        Assert.True(result.Differences.Count == 0, $"{result.Scenario}\n{string.Join('\n', result.Differences)}");
    }
}
