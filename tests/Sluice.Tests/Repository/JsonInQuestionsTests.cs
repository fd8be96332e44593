using System.Text.RegularExpressions;
using Xunit;

namespace Sluice.Tests.Repository;

/// <summary>
/// In DuckDB -> and ->> bind more loosely than AND, = and IS: type = 'email' AND metrics->>'opened' IS NOT NULL is an error or says something else.
/// Nothing that users read shows it without parentheses.
/// </summary>
public sealed partial class JsonInQuestionsTests
{
    public static TheoryData<string> Texts =>
    [
        "README.md", "CHANGELOG.md", .. Files("docs", "*.md"), .. Files("src/Sluice.Cli", "*.cs"), .. Files("src/Sluice.Engine/Catalog", "*.json"),
        .. Files("src/Sluice.Settings", "*.cs"),
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Json_is_compared_in_parentheses(string file) =>
        Assert.Empty(Loose().Matches(File.ReadAllText(Path.Combine(Checkout.Root, file))).Select(match => match.Value));

    [Theory]
    [InlineData("WHERE type = 'email' AND metrics->>'opened' IS NOT NULL", true)]
    [InlineData("WHERE m.metrics ->> 'opened' is not null", true)]
    [InlineData("AND attributes->>'plan' = 'pro'", true)]
    [InlineData("OR attributes->>'plan' in ('a')", true)]
    [InlineData("AND (attributes->>'plan') = 'pro'", false)]
    [InlineData("count(m.metrics->>'opened')", false)]
    [InlineData("SELECT attributes->>'plan' AS plan", false)]
    public void The_rule_knows_them_apart(string text, bool isLoose) => Assert.Equal(isLoose, Loose().IsMatch(text));

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Checkout.Root, folder), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Checkout.Root, file))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    [GeneratedRegex(
        @"(?<![\w.(])[\w.]+\s*->>?\s*'[^']*'\s*(=|<>|!=|<|>|is\b|in\b|not\b|like\b|between\b)",
        RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Loose();
}
