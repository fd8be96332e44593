using System.Text.Json;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.ServerTests.Cli;

/// <summary>audit, state and history where the destination is not what one would think.</summary>
public sealed class LookingTests
{
    [Fact]
    public async Task An_audit_without_tables_compares_all_that_was_loaded_and_names_the_rest()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        (await tool.RunAsync("ingest", "--source-table", "campaigns,segments,newsletters,campaign_metrics:days")).Ended(ExitCode.Done);
        (await tool.RunAsync("ingest", "--source-table", "customers", "--dest-table", "people")).Ended(ExitCode.Done);
        (await tool.RunAsync("ingest", "--source-table", "messages", "--option", "messages.type=email")).Ended(ExitCode.Done);

        // By an interval no mark is made, and without one nothing of the table stands in the state.
        (await tool.RunAsync("ingest", "--source-table", "object_types", "--limit", "1000")).Ended(ExitCode.Done);
        await Database.CountAsync(tool.PathOf("sluice.duckdb"), "DROP TABLE customerio.newsletters; SELECT 1");

        var audit = (await tool.RunAsync("audit")).Ended(ExitCode.Done);
        foreach (var table in (string[])["customerio.campaigns", "customerio.segments", "customerio.people", "customerio.object_types"])
        {
            Assert.Contains(table, audit.Out, StringComparison.Ordinal);
        }

        Assert.Contains("4 tables compared, 0 differ, 4 left out", audit.Out, StringComparison.Ordinal);
        Assert.Contains("campaign_metrics:days is not audited: metrics slide", audit.Error, StringComparison.Ordinal);
        Assert.Contains("campaign_states is not audited: it holds what runs have observed", audit.Error, StringComparison.Ordinal);
        Assert.Contains("messages is not audited: it holds a part of messages, as it was asked for", audit.Error, StringComparison.Ordinal);
        Assert.Contains("newsletters is not audited: the table is not there any more", audit.Error, StringComparison.Ordinal);
        Assert.Contains("type=email", audit.Error, StringComparison.Ordinal);
        var json = (await tool.RunAsync("audit", "--json")).Ended(ExitCode.Done).Out;
        Assert.Equal(4, JsonDocument.Parse(json).RootElement.GetProperty("left_out").GetArrayLength());
    }

    [Fact]
    public async Task A_mark_is_made_where_none_is()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        (await tool.RunAsync("ingest", "--source-table", "messages", "--interval-start", "2024-01-01")).Ended(ExitCode.Done);
        Assert.DoesNotContain("messages", (await tool.RunAsync("state", "show")).Ended(ExitCode.Done).Out, StringComparison.Ordinal);

        var made = (await tool.RunAsync("state", "set", "sluice.duckdb", "messages", "2026-01-31")).Ended(ExitCode.Done);
        Assert.Contains("messages had no mark", made.Out, StringComparison.Ordinal);
        Assert.Contains("2026-01-31", (await tool.RunAsync("state", "show")).Ended(ExitCode.Done).Out, StringComparison.Ordinal);
        var json = (await tool.RunAsync("ingest", "--source-table", "messages", "--json")).Ended(ExitCode.Done).Out;
        var since = JsonDocument.Parse(json).RootElement.GetProperty("tables")[0].GetProperty("since").GetDateTimeOffset();
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), since);
    }

    [Fact]
    public async Task A_mark_that_could_mean_nothing_is_not_made()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        (await tool.RunAsync("ingest", "--source-table", "campaigns,campaign_messages", "--interval-start", "2024-01-01")).Ended(ExitCode.Done);

        var missing = (await tool.RunAsync("state", "set", "sluice.duckdb", "messages", "2024-01-31")).Ended(ExitCode.Config);
        Assert.Contains("There is no table messages yet", missing.Error, StringComparison.Ordinal);
        Assert.Contains("sluice ingest --source-table messages --interval-start 2024-01-31", missing.Error, StringComparison.Ordinal);
        (await tool.RunAsync("ingest", "--source-table", "messages", "--interval-start", "2024-01-31")).Ended(ExitCode.Done);
        (await tool.RunAsync("state", "set", "sluice.duckdb", "messages", "2024-01-31")).Ended(ExitCode.Done);
        var children = (await tool.RunAsync("state", "set", "sluice.duckdb", "campaign_messages", "2024-01-31")).Ended(ExitCode.Config);
        Assert.Contains("a mark of its own for each of campaigns", children.Error, StringComparison.Ordinal);
        var unknown = (await tool.RunAsync("state", "set", "sluice.duckdb", "masages", "2024-01-31")).Ended(ExitCode.Config);
        Assert.Contains("Nothing is remembered of a table 'masages'", unknown.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sqlite:///crm.db", "crm.db", "a database of SQLite", "sqlite:///crm.db", Traits = ["length", "long"])]
    [InlineData("duckdb:///crm.duckdb", "sqlite:///crm.duckdb", "a database of DuckDB", "duckdb:///crm.duckdb")]
    [InlineData("csv:///lake", "lake", "a folder", "csv:///lake")]
    [InlineData("parquet:///lake", "duckdb:///lake", "a folder", "parquet:///lake", Traits = ["length", "long"])]
    [InlineData("duckdb:///crm.duckdb", "parquet:///crm.duckdb", "a database of DuckDB", "duckdb:///crm.duckdb", Traits = ["length", "long"])]
    public async Task Another_kind_of_file_is_told_with_its_address(string written, string named, string what, string address)
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        (await tool.RunAsync("ingest", "--source-table", "campaigns", "--dest-uri", written)).Ended(ExitCode.Done);
        foreach (var command in (string[][])[["history"], ["state", "show"], ["audit"]])
        {
            var refused = (await tool.RunAsync([.. command, named])).Ended(ExitCode.Config);
            Assert.Contains($"is {what}.", refused.Error, StringComparison.Ordinal);
            Assert.Contains($"Its address is {address}\n", refused.Error, StringComparison.Ordinal);
            (await tool.RunAsync([.. command, address])).Ended(ExitCode.Done);
        }
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_told_as_such()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        await File.WriteAllTextAsync(tool.PathOf("sluice.yaml"), "version: 1\nsyncs: {}\n", Tool.Cancel);
        var refused = (await tool.RunAsync("history", "sluice.yaml")).Ended(ExitCode.Config);
        Assert.Contains("neither a database of DuckDB nor one of SQLite", refused.Error, StringComparison.Ordinal);
        Assert.Contains("duckdb:///customerio.duckdb", refused.Error, StringComparison.Ordinal);
    }
}
