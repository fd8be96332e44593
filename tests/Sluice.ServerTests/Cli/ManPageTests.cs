using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.ServerTests.Cli;

/// <summary>The manual pages, as man shows them.</summary>
public sealed class ManPageTests
{
    private const string Groff = "/usr/bin/groff";

    [Fact]
    public async Task Every_page_is_formatted_without_a_warning_and_says_what_the_help_says()
    {
        Assert.SkipUnless(File.Exists(Groff), "groff is not installed.");
        using var tool = new Tool();
        var commands = (await tool.RunAsync("[suggest:7]", "sluice ")).Ended(ExitCode.Done).Out
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(word => char.IsAsciiLetter(word[0])).ToList();
        Assert.True(commands.Count > 20, string.Join(' ', commands));

        foreach (var command in commands.Prepend(""))
        {
            var shown = await FormatAsync(tool, command);
            Assert.Contains(command.Length == 0 ? "sluice-ingest(1)" : $"sluice {command}", shown, StringComparison.Ordinal);
        }

        var ingest = await FormatAsync(tool, "ingest");
        Assert.Contains("--dest-uri ADDRESS", ingest, StringComparison.Ordinal);
        Assert.Contains("--log-format text|json", ingest, StringComparison.Ordinal);
        Assert.Contains("sluice state reset", await FormatAsync(tool, "state"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_is_none_is_told()
    {
        using var tool = new Tool();
        var run = (await tool.RunAsync("man", "ingst")).Ended(ExitCode.Config);
        Assert.Contains("Did you mean ingest or init?", run.Error, StringComparison.Ordinal);
    }

    private static async Task<string> FormatAsync(Tool tool, string command)
    {
        var page = (await tool.RunAsync(command.Length == 0 ? ["man"] : ["man", command])).Ended(ExitCode.Done).Out;
        await File.WriteAllTextAsync(tool.PathOf("page.1"), page, Tool.Cancel);
        using var process = tool.Start(Groff, ["-man", "-ww", "-Tascii", "-P-cbou", tool.PathOf("page.1")]);
        var formatted = (await Tool.EndAsync(process)).Ended(ExitCode.Done);
        Assert.True(formatted.Error.Length == 0, $"{command}: {formatted.Error}");
        return formatted.Out;
    }
}
