using Sluice.Engine.Runs;
using Sluice.ServerTests.Cli;
using Xunit;

namespace Sluice.ServerTests.Destinations.Files;

/// <summary>The tool with a folder as its destination.</summary>
public sealed class FilesCommandTests
{
    [Fact]
    public async Task Ingest_history_state_audit_and_check_work_on_a_folder()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        tool.Environment["SLUICE_DEST_URI"] = "parquet:///lake";
        Assert.Contains("not there yet", (await tool.RunAsync("check")).Ended(ExitCode.Done).Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(tool.PathOf("lake")));
        var run = (await tool.RunAsync("ingest", "--source-table", "campaigns,messages,segments", "--partition-by", "created:month")).Ended(
            ExitCode.Done);
        Assert.Contains("Without partitions by created, since they have no such column with times: segments.", run.Error, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.EnumerateDirectories(tool.PathOf("lake/customerio"), "created_month=*", SearchOption.AllDirectories));
        Assert.Contains("campaigns", (await tool.RunAsync("state", "show")).Ended(ExitCode.Done).Out, StringComparison.Ordinal);
        (await tool.RunAsync("audit", "parquet:///lake", "campaigns,messages")).Ended(ExitCode.Done);
        (await tool.RunAsync("state", "reset", "parquet:///lake", "messages")).Ended(ExitCode.Done);
        Assert.DoesNotContain("messages", (await tool.RunAsync("state", "show")).Ended(ExitCode.Done).Out, StringComparison.Ordinal);
        Assert.Contains(
            "\"run_id\"",
            (await tool.RunAsync("history", "parquet:///lake", "--json")).Ended(ExitCode.Done).Out,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("history")]
    [InlineData("state", "show")]
    public async Task To_look_at_a_folder_that_is_not_there_makes_nothing(params string[] command)
    {
        using var tool = new Tool();
        var result = (await tool.RunAsync([.. command, "parquet:///nowhere"])).Ended(ExitCode.Config);
        Assert.Contains("There is no folder", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(tool.PathOf("nowhere")));
    }

    [Theory]
    [InlineData("No table has a column sent_on", "parquet:///x", "sent_on")]
    [InlineData("Only files can be partitioned", "duckdb:///x.duckdb", "created")]
    [InlineData("can't divide created by 'hour'", "csv:///x", "created:hour")]
    public async Task What_cannot_be_partitioned_is_said_before_anything_is_asked_for(string words, string uri, string partitions)
    {
        using var tool = new Tool();
        tool.Environment["CUSTOMERIO_APP_API_KEY"] = "sim-app-key";
        tool.Environment["CUSTOMERIO_BASE_URL"] = "http://127.0.0.1:9";
        var result = (await tool.RunAsync("ingest", "--source-table", "messages", "--dest-uri", uri, "--partition-by", partitions)).Ended(
            ExitCode.Config);
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(tool.PathOf("x")));
    }
}
