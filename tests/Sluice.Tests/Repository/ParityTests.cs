using System.Text.RegularExpressions;
using Sluice.Cli.Commands;
using Sluice.Tests.Cli;
using Sluice.Tests.Config.Pipeline;
using Xunit;

namespace Sluice.Tests.Repository;

public sealed partial class ParityTests
{
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Sources = new(() => Checkout.Files("tests", "*Tests*.cs")
        .GroupBy(file => Path.GetFileName(file).Split('.')[0], StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => string.Concat(group.Select(Checkout.Read)), StringComparer.Ordinal));

    public static TheoryData<string, string, string> Rows()
    {
        var rows = new TheoryData<string, string, string>();
        foreach (Match row in TableRow().Matches(Checkout.Read("docs/parity.md")))
        {
            if (row.Groups[1].Value is not "feature" && !row.Groups[1].Value.StartsWith("---", StringComparison.Ordinal))
            {
                rows.Add(row.Groups[1].Value, row.Groups[2].Value, row.Groups[3].Value);
            }
        }

        return rows;
    }

    [Fact]
    public void There_are_rows() => Assert.True(Rows().Count > 40);

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_feature_has_a_test(string feature, string how, string tests)
    {
        Assert.NotEqual(feature, how);
        var names = Code().Matches(tests).Select(match => match.Groups[1].Value).ToList();
        Assert.True(names.Count > 0, $"{feature} has no test.");
        Assert.All(names, name =>
        {
            var parts = name.Split('.');
            Assert.True(Sources.Value.TryGetValue(parts[0], out var source), $"{feature}: there is no class {parts[0]}.");
            Assert.True(parts.Length == 1 ? source.Contains("[Fact]", StringComparison.Ordinal) || source.Contains(": DestinationCompliance", StringComparison.Ordinal) || source.Contains("Compliance", StringComparison.Ordinal) : source.Contains($" {parts[1]}(", StringComparison.Ordinal), $"{feature}: {parts[0]} has no test {parts[^1]}.");
        });
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void What_does_it_is_understood(string feature, string how, string tests)
    {
        Assert.NotEqual(how, tests);
        var said = Code().Matches(how).Select(match => match.Groups[1].Value).ToList();
        Assert.True(said.Count > 0, $"{feature} has neither a command nor YAML.");
        foreach (var command in said.Where(one => one.StartsWith("sluice ", StringComparison.Ordinal)))
        {
            var parsed = new SluiceCommand(new ToolBench().Host).Parse([.. command.Split(' ').Skip(1)]);
            Assert.True(parsed.Errors.Count == 0, $"{feature}: {command}\n{string.Join('\n', parsed.Errors.Select(error => error.Message))}");
        }

        var yaml = said.Where(one => !one.StartsWith("sluice ", StringComparison.Ordinal)).ToList();
        if (yaml.Count > 0)
        {
            PipelineBench.Sync(string.Join('\n', yaml.Select(line => $"    {line}")));
        }
    }

    [GeneratedRegex(@"^\| (.+?) \| (.+?) \| (.+?) \|$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex TableRow();

    [GeneratedRegex("`([^`]+)`", RegexOptions.NonBacktracking)]
    private static partial Regex Code();
}
