using System.Text.RegularExpressions;
using Sluice.Cli.Commands;
using Sluice.Tests.Cli;
using Xunit;

namespace Sluice.Tests.Repository;

public sealed partial class DocumentedCommandsTests
{
    public static TheoryData<string, string> Commands()
    {
        var commands = new TheoryData<string, string>();
        foreach (var file in Checkout.Files("docs", "*.md").Append("README.md").Append("CONTRIBUTING.md"))
        {
            foreach (Match block in ShellBlocks().Matches(Checkout.Read(file)))
            {
                foreach (var command in CommandsOf(block.Groups[1].Value))
                {
                    commands.Add(file, command);
                }
            }
        }

        return commands;
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_documented_command_is_understood(string file, string command)
    {
        var arguments = Words().Matches(command).Select(word => Unquoted(word.Value)).Skip(1).ToList();

        var parsed = new SluiceCommand(new ToolHarness().Host).Parse(arguments);

        Assert.True(parsed.Errors.Count == 0, $"{file}: {command}\n{string.Join('\n', parsed.Errors.Select(error => error.Message))}");
    }

    [Theory]
    [InlineData("README.md", "./sluice demo")]
    [InlineData("README.md", "./test")]
    [InlineData("README.md", "./sluice ingest")]
    [InlineData("CONTRIBUTING.md", "./test")]
    public void The_commands_that_everybody_needs_are_there(string file, string command) =>
        Assert.Contains($"\n{command}", Checkout.Read(file), StringComparison.Ordinal);

    private static string Unquoted(string word) => word[0] is '"' or '\'' ? word[1..^1] : word;

    private static IEnumerable<string> CommandsOf(string block) =>
        block.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Select(line => line.Trim())
            .Where(line => line.StartsWith("./sluice ", StringComparison.Ordinal) || line.StartsWith("sluice ", StringComparison.Ordinal))
            .Select(line => line.Split([" #", " > ", " | "], StringSplitOptions.None)[0]);

    [GeneratedRegex("```(?:bash|sh)\n(.*?)```", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex ShellBlocks();

    [GeneratedRegex("\"[^\"]*\"|'[^']*'|[^ ]+", RegexOptions.NonBacktracking)]
    private static partial Regex Words();
}
