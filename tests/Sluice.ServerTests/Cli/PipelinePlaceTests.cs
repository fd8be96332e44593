using System.Text.Json;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.ServerTests.Cli;

/// <summary>check, state, history and audit of what a pipeline file names.</summary>
public sealed class PipelinePlaceTests
{
    [Fact]
    public async Task The_only_destination_and_workspace_of_the_file_are_meant_when_nothing_is_said()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = await NewToolAsync(account, "crm: \"duckdb:///crm.duckdb\"", "daily: { schema: marketing, tables: [campaigns, segments] }");
        (await tool.RunAsync("run", "--progress", "none")).Ended(ExitCode.Done);

        Assert.Contains("segments", (await tool.RunAsync("state", "show")).Ended(ExitCode.Done).Out, StringComparison.Ordinal);
        Assert.Contains("done", (await tool.RunAsync("history")).Ended(ExitCode.Done).Out, StringComparison.Ordinal);
        Assert.Contains("2 tables compared, 0 differ", (await tool.RunAsync("audit")).Ended(ExitCode.Done).Out, StringComparison.Ordinal);
        Assert.Contains("crm.duckdb", (await tool.RunAsync("check")).Ended(ExitCode.Done).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_the_one_that_is_named_is_meant_and_without_a_name_they_are_listed()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = await NewToolAsync(
            account,
            "{ one: \"duckdb:///one.duckdb\", two: \"duckdb:///two.duckdb\" }",
            "{ first: { destination: one, tables: campaigns }, second: { destination: two, tables: segments } }");
        (await tool.RunAsync("run", "--progress", "none")).Ended(ExitCode.Done);

        Assert.Contains("campaigns", (await tool.RunAsync("state", "show", "first")).Ended(ExitCode.Done).Out, StringComparison.Ordinal);
        Assert.Contains("segments", (await tool.RunAsync("state", "show", "two")).Ended(ExitCode.Done).Out, StringComparison.Ordinal);
        Assert.Contains("two.duckdb", (await tool.RunAsync("check", "--entry", "second")).Ended(ExitCode.Done).Out, StringComparison.Ordinal);
        Assert.Contains("1 table compared", (await tool.RunAsync("audit", "one")).Ended(ExitCode.Done).Out, StringComparison.Ordinal);
        var unclear = (await tool.RunAsync("history")).Ended(ExitCode.Config);
        Assert.Contains("sluice.yaml has 2 destinations.", unclear.Error, StringComparison.Ordinal);
        Assert.Contains("Name one of one, two.", unclear.Error, StringComparison.Ordinal);
        Assert.Contains(
            "no sync, destination or workspace 'third'",
            (await tool.RunAsync("check", "--entry", "third")).Ended(ExitCode.Config).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_said_goes_before_the_file()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = await NewToolAsync(account, "crm: \"duckdb:///crm.duckdb\"", "daily: { tables: campaigns }");
        (await tool.RunAsync("ingest", "--source-uri", account.SourceUri, "--source-table", "segments", "--dest-uri", "duckdb:///other.duckdb"))
            .Ended(ExitCode.Done);

        Assert.Contains("segments", (await tool.RunAsync("state", "show", "other.duckdb")).Ended(ExitCode.Done).Out, StringComparison.Ordinal);
        tool.Environment["SLUICE_DEST_URI"] = "duckdb:///other.duckdb";
        var state = JsonDocument.Parse((await tool.RunAsync("state", "show", "--json")).Ended(ExitCode.Done).Out);
        Assert.Equal("segments", state.RootElement[0].GetProperty("table").GetString());
    }

    [Fact]
    public async Task An_address_with_a_variable_that_is_not_set_is_told()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = await NewToolAsync(account, "crm: \"${NOWHERE}\"", "daily: { tables: campaigns }");

        var run = (await tool.RunAsync("history", "crm")).Ended(ExitCode.Config);

        Assert.Contains("A variable in the address of the destination crm is not set.", run.Error, StringComparison.Ordinal);
    }

    private static async Task<Tool> NewToolAsync(SimulatedAccount account, string destinations, string syncs)
    {
        var tool = new Tool();
        tool.Environment["KEY"] = "sim-app-key";
        await File.WriteAllTextAsync(
            tool.PathOf("sluice.yaml"),
            $$"""
            version: 1
            workspaces: { main: { app_api_key: "${KEY}", base_url: "{{account.Address}}", rate: 1000 } }
            destinations: {{Map(destinations)}}
            syncs: {{Map(syncs)}}
            """,
            Tool.Cancel);
        return tool;
    }

    private static string Map(string entries) => entries.StartsWith('{') ? entries : $"{{ {entries} }}";
}
