using System.Text.Json;
using Sluice.Benchmarks.Kill;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.ServerTests.Cli;

public sealed class IngestTests
{
    [Fact]
    public async Task Tables_come_into_the_database_and_only_the_result_to_stdout()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();

        var run = (await tool.RunAsync("ingest", "--source-table", "customers,campaign_metrics:weeks")).Ended(ExitCode.Done);

        Assert.Matches("^2 tables, [0-9,]+ rows written, all complete, in [^\n]+\n\ntable ", run.Out);
        Assert.Contains("\ncampaign_metrics_weeks ", run.Out, StringComparison.Ordinal);
        Assert.Equal(60, await Database.CountAsync(tool.PathOf("sluice.duckdb"), "SELECT count(*) FROM customerio.customers"));
        Assert.Equal("*\n", await File.ReadAllTextAsync(tool.PathOf(".sluice/.gitignore"), Tool.Cancel));
    }

    [Fact]
    public async Task The_command_of_ingestrs_documentation_works_as_it_stands_there()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = new Tool();

        var run = (await tool.RunAsync(
            "ingest", "--source-uri", $"customerio://?api_key=sim-app-key&region=us&base_url={account.Address}", "--source-table", "broadcasts",
            "--dest-uri", "duckdb:///customerio.duckdb", "--dest-table", "customerio.broadcasts",
            "--interval-start", "2014-01-01", "--interval-end", "2044-01-31")).Ended(ExitCode.Done);

        // DuckDB calls the database after the file, so that two names alone could mean either.
        Assert.Equal(4, await Database.CountAsync(tool.PathOf("customerio.duckdb"), "SELECT count(*) FROM customerio.customerio.broadcasts"));
        Assert.Contains("shell's history", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("sim-app-key", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Streams_that_are_closed_or_full_change_neither_the_load_nor_its_exit_code()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        const string Ingest = "\"$0\" ingest --source-table campaigns";
        (await ShellAsync(tool, Ingest + " >&- 2>&- <&-")).Ended(ExitCode.Done);
        (await ShellAsync(tool, Ingest + " >/dev/full 2>/dev/full")).Ended(ExitCode.Done);
        Assert.Equal(2, await Database.CountAsync(tool.PathOf("sluice.duckdb"), "SELECT count(*) FROM customerio._sluice_runs WHERE exit_code = 0"));

        // Where the output is all that was asked for, losing it is no success.
        var lost = (await ShellAsync(tool, "\"$0\" tables >/dev/full")).Ended(ExitCode.Unexpected);
        Assert.Contains("Not all of the output could be written", lost.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_json_the_result_is_one_document()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();

        var run = (await tool.RunAsync("ingest", "--source-table", "segments", "--json", "--log-format", "json", "--debug")).Ended(ExitCode.Done);

        using var report = JsonDocument.Parse(run.Out);
        Assert.Equal("customerio.segments", report.RootElement.GetProperty("tables")[0].GetProperty("table").GetString());
        Assert.Equal(0, report.RootElement.GetProperty("exit_code").GetInt32());
        var lines = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(lines, line => JsonDocument.Parse(line).RootElement.GetProperty("level").GetString() == "debug");
        Assert.DoesNotContain("sim-app-key", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_may_stand_in_a_file_and_the_environment_goes_before_it()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = new Tool();
        await File.WriteAllTextAsync(
            tool.PathOf(".env"), $"CUSTOMERIO_APP_API_KEY=sim-app-key\nCUSTOMERIO_BASE_URL={account.Address}\n", Tool.Cancel);

        var run = (await tool.RunAsync("ingest", "--source-table", "segments", "--progress", "none")).Ended(ExitCode.Done);
        Assert.DoesNotContain("warning", run.Error, StringComparison.Ordinal);

        tool.Environment["CUSTOMERIO_APP_API_KEY"] = "another";
        tool.Environment["CUSTOMERIO_BASE_URL"] = account.Address;
        (await tool.RunAsync("ingest", "--source-table", "segments")).Ended(ExitCode.Auth);
    }

    [Fact]
    public async Task Columns_can_be_chosen_and_rows_limited()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();

        (await tool.RunAsync(
            "ingest", "--source-table", "customers", "--dest-table", "crm.people", "--columns", "email", "--limit", "7",
            "--dest-uri", $"duckdb:///{tool.PathOf("x.duckdb")}")).Ended(ExitCode.Done);

        const string Columns =
            "SELECT count(*) FROM duckdb_columns() WHERE schema_name = 'crm' AND table_name = 'people' AND column_name IN ('cio_id', 'email', 'id')";
        Assert.Equal(2, await Database.CountAsync(tool.PathOf("x.duckdb"), Columns));
        Assert.Equal(7, await Database.CountAsync(tool.PathOf("x.duckdb"), "SELECT count(*) FROM crm.people"));
    }

    [Fact]
    public async Task A_dry_run_tells_the_cost_and_leaves_nothing_behind()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();

        var run = (await tool.RunAsync("ingest", "--source-table", "all", "--dry-run")).Ended(ExitCode.Done);

        Assert.Contains("customerio.campaign_metrics_days", run.Out, StringComparison.Ordinal);
        Assert.Matches("About [0-9,]+ requests", run.Out);
        Assert.Empty(Directory.EnumerateFileSystemEntries(tool.Folder));
    }

    [Fact]
    public async Task A_table_that_fails_does_not_keep_the_others_away()
    {
        await using var account = await SimulatedAccount.StartAsync(options => options with { Faults = ["403/v1/segments"] });
        using var tool = account.NewTool();

        var run = (await tool.RunAsync("ingest", "--source-table", "campaigns,segments")).Ended(ExitCode.Partial);

        Assert.Contains("error: segments: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("scope", run.Error, StringComparison.Ordinal);
        Assert.Equal(12, await Database.CountAsync(tool.PathOf("sluice.duckdb"), "SELECT count(*) FROM customerio.campaigns"));
        (await tool.RunAsync("ingest", "--source-table", "segments")).Ended(ExitCode.Forbidden);
    }

    private static async Task<ToolResult> ShellAsync(Tool tool, string command)
    {
        using var process = tool.Start("/bin/sh", ["-c", command, BuiltTool.Program]);
        return await Tool.EndAsync(process);
    }
}
