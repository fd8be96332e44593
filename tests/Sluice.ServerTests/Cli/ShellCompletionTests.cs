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

    [Theory]
    [InlineData("sluice ingest --source-table campaigns,segm", "campaigns,segments")]
    [InlineData("sluice ingest --source-table=segm", "--source-table=segments")]
    [InlineData("sluice run ", "daily")]
    public async Task Fish_offers_what_goes_on_from_what_was_typed(string typed, string offered)
    {
        Assert.SkipUnless(IsInstalled("fish"), "fish is not installed.");
        using var tool = await NewToolAsync();
        tool.Environment["PATH"] = $"{Path.GetDirectoryName(BuiltTool.Program)}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = tool.Start("fish", ["--no-config", "-c", $"sluice completion fish | source; complete -C '{typed}'"]);

        var run = (await Tool.EndAsync(process)).Ended(ExitCode.Done);

        Assert.Equal("", run.Error);
        Assert.Contains(offered, Lines(run.Out));
    }

    // Without a terminal zsh completes nothing: what its widget would set is set, and what it would be given is printed.
    [Theory]
    [InlineData("sluice ingest --source-table campaigns,segm", "campaigns,segments")]
    [InlineData("sluice ingest --source-table=segm", "segments")]
    [InlineData("sluice run ", "daily")]
    public async Task Zsh_is_given_what_could_stand_at_the_cursor(string typed, string offered)
    {
        Assert.SkipUnless(IsInstalled("zsh"), "zsh is not installed.");
        using var tool = await NewToolAsync();
        const string Complete = """
            compdef() { :; }
            compadd() { print -l -- "${@:2}"; }
            compset() { :; }
            _files() { print files; }
            source <("$0" completion zsh)
            words=(${(s: :)1}); words[1]="$0"
            [[ "$1" == *' ' ]] && words+=("")
            CURRENT=${#words} PREFIX="${words[-1]}"
            _sluice
            """;
        using var process = tool.Start("zsh", ["-f", "-c", Complete, BuiltTool.Program, typed]);

        var run = (await Tool.EndAsync(process)).Ended(ExitCode.Done);

        Assert.Equal("", run.Error);
        Assert.Contains(offered, Lines(run.Out));
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

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static HashSet<string> Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);

    // bash replaces what stands behind the last space, colon or equals sign.
    private static string LastPart(string typed) => typed[(typed.LastIndexOfAny([' ', ':', '=']) + 1)..];
}
