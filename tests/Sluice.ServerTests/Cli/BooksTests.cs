using System.Text.Json;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.ServerTests.Cli;

/// <summary>state, history and audit, as somebody at a terminal uses them.</summary>
public sealed class BooksTests
{
    [Fact]
    public async Task State_is_shown_set_and_forgotten()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        (await tool.RunAsync("ingest", "--source-table", "campaigns,messages", "--dest-uri", "duckdb:///crm.duckdb")).Ended(ExitCode.Done);

        var shown = (await tool.RunAsync("state", "show", "crm.duckdb")).Ended(ExitCode.Done);
        Assert.Contains("campaigns", shown.Out, StringComparison.Ordinal);
        Assert.Contains("messages", shown.Out, StringComparison.Ordinal);

        (await tool.RunAsync("state", "set", "crm.duckdb", "messages", "2024-01-31")).Ended(ExitCode.Done);
        var json = (await tool.RunAsync("state", "show", "duckdb:///crm.duckdb", "messages", "--json")).Ended(ExitCode.Done);
        Assert.Equal("2024-01-31T00:00:00Z", JsonDocument.Parse(json.Out).RootElement[0].GetProperty("read_until").GetString());

        (await tool.RunAsync("state", "reset", "crm.duckdb", "messages")).Ended(ExitCode.Done);
        (await tool.RunAsync("state", "reset", "crm.duckdb", "messages")).Ended(ExitCode.Config);
        Assert.Contains(
            "1 table forgotten", (await tool.RunAsync("state", "reset", "crm.duckdb")).Ended(ExitCode.Done).Out, StringComparison.Ordinal);
        Assert.Equal(0, await Database.CountAsync(tool.PathOf("crm.duckdb"), "SELECT count(*) FROM customerio._sluice_state"));
    }

    [Fact]
    public async Task Past_runs_are_listed()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        (await tool.RunAsync("ingest", "--source-table", "campaigns")).Ended(ExitCode.Done);
        (await tool.RunAsync("ingest", "--source-table", "campaigns,segments")).Ended(ExitCode.Done);

        var lines = (await tool.RunAsync("history")).Ended(ExitCode.Done).Out.Trim().Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.EndsWith("done", lines[2], StringComparison.Ordinal);
        var reports = JsonDocument.Parse((await tool.RunAsync("history", "--json", "--limit", "1")).Ended(ExitCode.Done).Out).RootElement;
        Assert.Equal(2, Assert.Single(reports.EnumerateArray().ToList()).GetProperty("tables").GetArrayLength());
    }

    [Fact]
    public async Task An_audit_finds_and_repairs()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        (await tool.RunAsync("ingest", "--source-table", "campaigns,customers,campaign_metrics:days")).Ended(ExitCode.Done);
        var equal = (await tool.RunAsync("audit")).Ended(ExitCode.Done);
        Assert.Contains("0 differ", equal.Out, StringComparison.Ordinal);
        Assert.Contains("campaign_metrics:days is not audited", equal.Error, StringComparison.Ordinal);

        await Database.CountAsync(tool.PathOf("sluice.duckdb"), "DELETE FROM customerio.customers WHERE email IS NOT NULL; SELECT 1");
        var differs = (await tool.RunAsync("audit", "sluice.duckdb", "customers")).Ended(ExitCode.Partial);
        Assert.Contains("differs", differs.Out, StringComparison.Ordinal);
        (await tool.RunAsync("audit", "sluice.duckdb", "customers", "--repair")).Ended(ExitCode.Done);
        Assert.Equal(
            60,
            await Database.CountAsync(tool.PathOf("sluice.duckdb"), "SELECT count(*) FROM customerio.customers WHERE _sluice_deleted_at IS NULL"));
        Assert.Empty(Directory.GetFiles(tool.PathOf(".sluice"), "audit-*"));
    }

    [Theory]
    [InlineData("history")]
    [InlineData("audit")]
    [InlineData("state", "show")]
    public async Task Looking_at_a_file_that_is_not_there_does_not_make_it(params string[] command)
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        var run = (await tool.RunAsync([.. command, "nothing.duckdb"])).Ended(ExitCode.Config);
        Assert.Contains("There is no file", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(tool.PathOf("nothing.duckdb")));
    }

    [Fact]
    public async Task The_second_run_of_the_standard_tables_costs_at_most_thirty_requests_and_its_plan_says_so()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        (await tool.RunAsync("ingest")).Ended(ExitCode.Done);
        var plan = JsonDocument.Parse((await tool.RunAsync("ingest", "--dry-run", "--json")).Ended(ExitCode.Done).Out).RootElement;
        var report = JsonDocument.Parse((await tool.RunAsync("ingest", "--json")).Ended(ExitCode.Done).Out).RootElement;
        Assert.InRange(report.GetProperty("requests").GetInt64(), 15, 30);
        Assert.InRange(plan.GetProperty("requests").GetInt64(), 15, 30);
    }
}
