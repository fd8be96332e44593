using Sluice.Tests.DuckDb;
using Xunit;

namespace Sluice.Tests.Cli;

/// <summary>What a shell is told that could stand at its cursor.</summary>
public sealed class CompletionTests
{
    private const string Pipeline = """
        version: 1
        workspaces:
          main: { app_api_key: "${A_KEY}", region: us }
          shop: { app_api_key: "${B_KEY}", region: eu }
        destinations:
          crm: "duckdb:///crm.duckdb"
        syncs:
          daily: { workspaces: [main, shop], tables: campaigns }
          hourly: { workspaces: [main], tables: messages }
        """;

    [Theory]
    [InlineData("sluice in", "ingest", "init")]
    [InlineData("./sluice ingest --source-t", "--source-table")]
    [InlineData("/opt/my tools/sluice tables campaign_a", "campaign_actions")]
    [InlineData("sluice ingest --source-table campaign_metrics:d", "campaign_metrics:days")]
    [InlineData("sluice ingest --source-table campaigns,seg", "campaigns,segments")]
    [InlineData("sluice ingest --source-table=seg", "segments")]
    [InlineData("sluice ingest --deletes ", "soft", "hard", "ignore")]
    [InlineData("sluice ingest --source-table segments --exclude-columns des", "description")]
    [InlineData("sluice ddl --dialect data", "databricks")]
    [InlineData("sluice state show x.duckdb camp", "campaigns")]
    [InlineData("sluice completion ", "bash", "zsh", "fish", "powershell")]
    [InlineData("sluice run ", "daily", "hourly")]
    [InlineData("sluice history ", "daily", "hourly", "crm")]
    [InlineData("sluice query --workspace s", "shop")]
    [InlineData("sluice check --entry ", "daily", "crm", "main", "shop")]
    public async Task What_could_stand_at_the_cursor_is_told(string line, params string[] expected)
    {
        var told = await SuggestAsync(line, line.Length);

        Assert.All(expected, candidate => Assert.Contains(candidate, told));
    }

    [Fact]
    public async Task What_stands_behind_the_cursor_counts_for_nothing() =>
        Assert.Contains("--source-table", await SuggestAsync("sluice ingest --source --dest-uri x", "sluice ingest --source".Length));

    [Theory]
    [InlineData("sluice run ")]
    [InlineData("sluice nothing ")]
    [InlineData("sluice ingest --mask ")]
    [InlineData("")]
    public async Task Where_nothing_is_known_nothing_is_said_and_no_error(string line)
    {
        using var empty = new TemporaryFolder();
        var run = await new ToolHarness { Folder = empty.FullPath }.RunAsync($"[suggest:{line.Length}]", line);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.DoesNotContain("daily", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash", "complete -o bashdefault")]
    [InlineData("zsh", "#compdef sluice")]
    [InlineData("fish", "complete -c sluice")]
    [InlineData("powershell", "Register-ArgumentCompleter")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public async Task Each_shell_has_its_script(string shell, string words)
    {
        var run = await new ToolHarness().RunAsync("completion", shell);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains(words, run.Out, StringComparison.Ordinal);
        Assert.Contains("[suggest:", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shell_that_has_none_is_told_with_those_that_have()
    {
        var run = await new ToolHarness().RunAsync("completion", "tcsh");

        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Contains("bash, zsh, fish, powershell", run.Error, StringComparison.Ordinal);
    }

    private static async Task<string[]> SuggestAsync(string line, int place)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.FullPath, "sluice.yaml"), Pipeline, TestContext.Current.CancellationToken);
        var run = await new ToolHarness { Folder = folder.FullPath }.RunAsync($"[suggest:{place}]", line);
        Assert.Equal((0, ""), (run.Code, run.Error));
        return run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
