using Sluice.Tests.Writes.Sync;
using Xunit;

namespace Sluice.LongTests;

/// <summary>Two-way synchronizations with more kills and more values than fit into the shorter tests.</summary>
public sealed class KilledTwoWayTests
{
    public static TheoryData<string, int> Seeds =>
        [.. new[] { "DuckDB", "SQLite" }.SelectMany(name => Enumerable.Range(0, 40).Select(seed => (name, seed)))];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Killed_anywhere_the_same_command_ends_with_the_same_two_sides(string database, int seed)
    {
        await using var bench = await TwoWayBench.StartAsync(FileDatabase.Of(database));
        await TwoWayPromise.AssertSurvivesAsync(bench, seed);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Values_of_any_type_are_the_same_after_a_run_and_a_second_run_has_nothing_to_do(string database, int seed)
    {
        await using var bench = await TwoWayBench.StartAsync(FileDatabase.Of(database));
        await TwoWayPromise.AssertSameAsync(bench, seed);
    }
}
