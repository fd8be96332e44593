using System.Text.RegularExpressions;
using Sluice.Simulator.Faults;
using Xunit;

namespace Sluice.Tests.Repository;

/// <summary>Every promise of the page about what can go wrong has a test, and every fault that can be pretended is on it.</summary>
public sealed partial class FaultDocumentationTests
{
    private static readonly string Page = Checkout.Read("docs/what-can-go-wrong.md");

    [Fact]
    public void Every_row_names_tests_that_exist()
    {
        var rows = Rows().Where(row => row[2] != "Test").ToList();

        Assert.True(rows.Count > 50, "The page has hardly any row: is it still read as it is written?");
        Assert.All(rows, row =>
        {
            var named = TestName().Matches(row[2]).Select(name => name.Groups[1].Value).ToList();
            Assert.True(named.Count > 0, $"No test for: {row[0]}");
            Assert.All(named, name => Assert.True(TestNames.Has(name), $"{name} is named for '{row[0]}', but there is no such test."));
        });
    }

    [Fact]
    public void Every_fault_that_the_simulator_knows_is_in_a_row()
    {
        var named = Rows().SelectMany(row => FaultName().Matches(row[0]).Select(name => name.Groups[1].Value)).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(FaultKinds.Names.Except(named, StringComparer.Ordinal));
    }

    private static IEnumerable<string[]> Rows() =>
        Page.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Trim('|', ' ').Split(" | "));

    [GeneratedRegex(@"`(\w+\.\w+)`", RegexOptions.NonBacktracking)]
    private static partial Regex TestName();

    [GeneratedRegex("`([a-z0-9-]+)`", RegexOptions.NonBacktracking)]
    private static partial Regex FaultName();
}
