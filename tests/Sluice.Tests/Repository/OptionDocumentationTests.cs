using System.Text.RegularExpressions;
using Sluice.Settings;
using Sluice.Settings.Pipelines;
using Xunit;

namespace Sluice.Tests.Repository;

/// <summary>The page on options shows code that is there, and its example is what the page says.</summary>
public sealed partial class OptionDocumentationTests
{
    private const string Page = "docs/add-an-option.md";

    [Fact]
    public void Every_block_of_code_stands_in_a_file_that_the_page_names()
    {
        var page = Checkout.Read(Page);
        var files = Files().Matches(page).Select(file => Checkout.Read(file.Value)).ToList();
        var blocks = Blocks().Matches(page).Select(block => block.Groups[1].Value).ToList();

        Assert.Equal(4, blocks.Count);
        Assert.All(blocks, block => Assert.True(
            files.Exists(file => file.Contains(block, StringComparison.Ordinal)), $"No file that the page names has this block:\n{block}"));
    }

    [Fact]
    public void The_example_is_an_option_of_the_command_and_a_key_of_syncs_and_tables()
    {
        Assert.Contains(IngestSettings.OfCommand, setting => setting.Key.OnCommandLine == "--limit");
        Assert.Contains(PipelineKeys.Sync, setting => setting.Name == "limit");
        Assert.Contains(PipelineKeys.Table, setting => setting.Name == "limit");
    }

    [GeneratedRegex("src/[A-Za-z./]+\\.cs", RegexOptions.NonBacktracking)]
    private static partial Regex Files();

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Blocks();
}
