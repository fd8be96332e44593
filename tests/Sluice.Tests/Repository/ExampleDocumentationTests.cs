using System.Text.RegularExpressions;
using Xunit;

namespace Sluice.Tests.Repository;

/// <summary>The page on destinations shows the example that the compiler builds and the promise of all destinations proves.</summary>
public sealed partial class ExampleDocumentationTests
{
    private const string Page = "docs/add-a-destination.md";
    private const string Suite = "tests/Sluice.ServerTests/Destinations";

    private static readonly string[] Blocks = [.. CodeBlocks().Matches(Checkout.Read(Page)).Select(block => block.Groups[1].Value.Trim('\n'))];

    public static TheoryData<string> Files => [.. Checkout.Files($"{Suite}/Example", "*.cs").Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_of_the_example_stands_on_the_page_word_for_word(string file)
    {
        var lines = Checkout.Read(file).Trim('\n').Split('\n');
        var declaration = lines.First(line => line.Contains(" class ", StringComparison.Ordinal));
        var block = Blocks.FirstOrDefault(block => block.Split('\n').Contains(declaration, StringComparer.Ordinal));

        Assert.True(block is not null, $"{Page} does not show {file}: no block has its line '{declaration}'.");
        var difference = FirstDifference(block.Split('\n'), lines);
        Assert.True(difference is null, $"{Page} and {file} differ: {difference}");
    }

    [Fact]
    public void Every_block_of_code_on_the_page_stands_in_the_example()
    {
        var files = Files.Select(file => Checkout.Read(file.Data)).ToList();

        Assert.True(Blocks.Length > files.Count, $"{Page} has {Blocks.Length} blocks of code: is it still read as it is written?");
        Assert.All(Blocks, block => Assert.True(
            files.Any(file => file.Contains(block, StringComparison.Ordinal)), $"No file of the example has this block of {Page}:\n{block}"));
    }

    [Fact]
    public void Every_promise_on_the_page_is_a_test()
    {
        var tests = string.Concat(Checkout.Files(Suite, "*Compliance*.cs").Select(Checkout.Read));
        var named = Promises().Matches(Checkout.Read(Page)).Select(promise => promise.Groups[1].Value).ToList();

        Assert.True(named.Count > 15, $"{Page} names hardly any test: is it still read as it is written?");
        Assert.All(
            named,
            name => Assert.True(tests.Contains($" Task {name}(", StringComparison.Ordinal), $"{Page} names {name}, which is no test of the promise.")
        );
    }

    private static string? FirstDifference(string[] page, string[] file)
    {
        var at = page.Zip(file).TakeWhile(pair => string.Equals(pair.First, pair.Second, StringComparison.Ordinal)).Count();
        return at == page.Length && at == file.Length
            ? null
            : $"line {at + 1} is '{page.ElementAtOrDefault(at)}' on the page and '{file.ElementAtOrDefault(at)}' in the file.";
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex CodeBlocks();

    [GeneratedRegex("`([A-Z][a-z]+(?:_[A-Za-z0-9]+){2,})`", RegexOptions.NonBacktracking)]
    private static partial Regex Promises();
}
