using Sluice.Tests.Writes;
using Xunit;

namespace Sluice.LongTests;

/// <summary>Statements that are killed at more calls than fit into the shorter tests.</summary>
public sealed class KilledStatementSeedsTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Killed_anywhere_the_same_statement_does_the_rest_and_nothing_twice(int seed)
    {
        await using var bench = await StatementBench.StartAsync();
        await KilledStatement.AssertAsync(bench, seed, calls: 20);
    }
}
