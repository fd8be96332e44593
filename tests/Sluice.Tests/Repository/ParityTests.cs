using System.Text.RegularExpressions;
using Sluice.Cli.Commands;
using Sluice.Tests.Cli;
using Sluice.Tests.Config.Pipeline;
using Xunit;

namespace Sluice.Tests.Repository;

public sealed partial class ParityTests
{
    public static TheoryData<string, string> Rows()
    {
        var rows = new TheoryData<string, string>();
        foreach (var row in Page())
        {
            rows.Add(row[0], row[1]);
        }

        return rows;
    }

    [Fact]
    public void Every_feature_names_a_test_that_is_there()
    {
        Assert.True(Page().Count > 40, "The page has hardly any row: is it still read as it is written?");
        Assert.All(Page(), row =>
        {
            var names = Code().Matches(row[2]).Select(match => match.Groups[1].Value).ToList();
            Assert.True(names.Count > 0, $"{row[0]} has no test.");
            Assert.All(names, name => Assert.True(TestNames.Has(name), $"{name} is named for '{row[0]}', but there is no such test."));
        });
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void What_does_it_is_understood(string feature, string how)
    {
        var said = Code().Matches(how).Select(match => match.Groups[1].Value).ToList();
        Assert.True(said.Count > 0, $"{feature} has neither a command nor YAML.");
        foreach (var command in said.Where(one => one.StartsWith("sluice ", StringComparison.Ordinal)))
        {
            var parsed = new SluiceCommand(new ToolHarness().Host).Parse([.. command.Split(' ').Skip(1)]);
            Assert.True(parsed.Errors.Count == 0, $"{feature}: {command}\n{string.Join('\n', parsed.Errors.Select(error => error.Message))}");
        }

        var yaml = said.Where(one => !one.StartsWith("sluice ", StringComparison.Ordinal)).ToList();
        if (yaml.Count > 0)
        {
            PipelineBench.Sync(string.Join('\n', yaml.Select(line => $"    {line}")));
        }
    }

    private static List<string[]> Page() =>
        [
            .. TableRow()
                .Matches(Checkout.Read("docs/parity.md"))
                .Select(row => (string[])[row.Groups[1].Value, row.Groups[2].Value, row.Groups[3].Value])
                .Where(row => row[0] != "feature" && !row[0].StartsWith("---", StringComparison.Ordinal)),
        ];

    [GeneratedRegex(@"^\| (.+?) \| (.+?) \| (.+?) \|$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex TableRow();

    [GeneratedRegex("`([^`]+)`", RegexOptions.NonBacktracking)]
    private static partial Regex Code();
}
