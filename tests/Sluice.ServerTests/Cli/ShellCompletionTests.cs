using System.Diagnostics;
using Sluice.Benchmarks.Kill;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.ServerTests.Cli;

/// <summary>The completion scripts in the shells themselves.</summary>
public sealed class ShellCompletionTests
{
    // Sets what bash sets when somebody presses Tab, by bash's own cutting of words, and prints what the script offers.
    private const string PressTab = """
        source <("$0" completion bash)
        COMP_LINE="$1" COMP_POINT=${#1}
        read -r -a COMP_WORDS <<<"$(sed 's/\([:=]\)/ \1 /g' <<<"$1")"
        case "$1" in *' ') COMP_WORDS+=("") ;; esac
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        "$(complete -p sluice | sed 's/.*-F \([^ ]*\).*/\1/')" "$0"
        printf '%s\n' "${COMPREPLY[@]}"
        """;

    [Theory]
    [InlineData("sluice ing", "ingest")]
    [InlineData("sluice ingest --source-ta", "--source-table")]
    [InlineData("sluice ingest --source-table campaigns,segm", "campaigns,segments")]
    [InlineData("sluice ingest --source-table campaign_metrics:mon", "months")]
    [InlineData("sluice ingest --source-table=segm", "segments")]
    [InlineData("sluice ingest --source-table campaign_metrics:", "hours", "days", "weeks", "months")]
    [InlineData("sluice run ", "daily")]
    public async Task Bash_offers_what_goes_on_from_what_was_typed(string typed, params string[] offered)
    {
        using var tool = await NewToolAsync();
        using var process = tool.Start("bash", ["--norc", "-c", PressTab, BuiltTool.Program, typed]);

        var run = (await Tool.EndAsync(process)).Ended(ExitCode.Done);

        Assert.Equal("", run.Error);
        Assert.Subset(Lines(run.Out), offered.ToHashSet(StringComparer.Ordinal));
        Assert.All(Lines(run.Out), candidate => Assert.StartsWith(LastPart(typed), candidate, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_terminal_of_bash_completes_a_table_at_Tab()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "There is no script of util-linux to make a terminal with.");
        using var tool = await NewToolAsync();
        tool.Environment["PATH"] = $"{Path.GetDirectoryName(BuiltTool.Program)}:{Environment.GetEnvironmentVariable("PATH")}";
        tool.Environment["TERM"] = "dumb";
        using var process = StartTerminal(tool, "bash --norc --noprofile -i");

        await process.StandardInput.WriteAsync("source <(sluice completion bash); echo READY\n");
        await process.StandardInput.WriteAsync("echo got: sluice tables campaign_act\t\t\n");
        await process.StandardInput.WriteAsync("sluice tables campaign_acti\t\u0015exit\n");
        var shown = await process.StandardOutput.ReadToEndAsync(Tool.Cancel);
        await process.WaitForExitAsync(Tool.Cancel);

        Assert.Contains("sluice tables campaign_action", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zsh", "-n")]
    [InlineData("fish", "--no-execute")]
    public async Task Other_shells_take_their_script(string shell, string check)
    {
        Assert.SkipUnless(IsInstalled(shell), $"{shell} is not installed.");
        using var tool = await NewToolAsync();
        await File.WriteAllTextAsync(tool.PathOf("script"), (await tool.RunAsync("completion", shell)).Ended(ExitCode.Done).Out, Tool.Cancel);

        using var process = tool.Start(shell, [check, tool.PathOf("script")]);

        Assert.Equal("", (await Tool.EndAsync(process)).Ended(ExitCode.Done).Error);
    }

    private static async Task<Tool> NewToolAsync()
    {
        var tool = new Tool();
        await File.WriteAllTextAsync(
            tool.PathOf("sluice.yaml"),
            """
            version: 1
            workspaces: { main: { app_api_key: "${A_KEY}" } }
            destinations: { crm: "duckdb:///crm.duckdb" }
            syncs: { daily: { tables: campaigns } }
            """,
            Tool.Cancel);
        return tool;
    }

    private static Process StartTerminal(Tool tool, string command)
    {
        var start = new ProcessStartInfo("/usr/bin/script", ["-qec", command, "/dev/null"])
        {
            UseShellExecute = false,
            WorkingDirectory = tool.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in tool.Environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static HashSet<string> Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);

    // bash replaces what stands behind the last space, colon or equals sign.
    private static string LastPart(string typed) => typed[(typed.LastIndexOfAny([' ', ':', '=']) + 1)..];
}
