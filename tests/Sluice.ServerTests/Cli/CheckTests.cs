using System.Text.Json;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.ServerTests.Cli;

public sealed class CheckTests
{
    [Fact]
    public async Task What_works_is_told_and_nothing_is_left_behind()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();

        var run = (await tool.RunAsync("check")).Ended(ExitCode.Done);

        Assert.Contains("Workspace 1 (id 130001), 60 people, 600 messages", run.Out, StringComparison.Ordinal);
        Assert.Contains("writable", run.Out, StringComparison.Ordinal);
        Assert.Equal("", run.Error);
        Assert.Empty(Directory.EnumerateFileSystemEntries(tool.Folder));
    }

    [Fact]
    public async Task Of_several_workspaces_without_a_track_key_all_are_listed()
    {
        await using var account = await SimulatedAccount.StartAsync(options => options with { ExtraKeys = ["second"] });
        using var tool = account.NewTool();

        var run = (await tool.RunAsync("check")).Ended(ExitCode.Done);

        Assert.Contains("one of these 2; which one can't be told", run.Out, StringComparison.Ordinal);
        Assert.Contains("Workspace 2", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_that_lists_no_workspace_has_a_key_that_works_all_the_same()
    {
        await using var account = await SimulatedAccount.StartAsync(options => options with { Faults = ["drop-rows:1/v1/workspaces"] });
        using var tool = account.NewTool();

        var run = (await tool.RunAsync("check")).Ended(ExitCode.Done);

        Assert.Contains("ok  workspace: Customer.io lists none for this key", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_that_does_not_work_is_told_at_once()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        tool.Environment["CUSTOMERIO_APP_API_KEY"] = "wrong";

        var run = (await tool.RunAsync("check", "--dest-uri", "duckdb:///no/such/x.duckdb", "--json")).Ended(ExitCode.Auth);

        using var report = JsonDocument.Parse(run.Out);
        Assert.False(report.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal(
            ["source", "destination"],
            report.RootElement.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("about").GetString()));
        Assert.Contains("error: source: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("error: destination: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_endpoints_are_compared_without_a_word_of_the_data()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();

        var run = (await tool.RunAsync("check", "--api", "--json")).Ended(ExitCode.Done);

        using var report = JsonDocument.Parse(run.Out);
        var people = report.RootElement.GetProperty("endpoints").EnumerateArray()
            .Single(endpoint => endpoint.GetProperty("table").GetString() == "customers");
        Assert.Equal("POST /v1/customers", people.GetProperty("endpoint").GetString());
        Assert.Equal("answered", people.GetProperty("outcome").GetString());
        Assert.DoesNotContain("example.com", run.Out, StringComparison.Ordinal);
        Assert.StartsWith("Asks each endpoint once: at most ", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(tool.Folder));
    }
}
