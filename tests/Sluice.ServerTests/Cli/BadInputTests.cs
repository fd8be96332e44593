using System.Text.RegularExpressions;
using Sluice.Benchmarks.Kill;
using Sluice.Engine.Runs;
using Sluice.Tests.DuckDb;
using Xunit;

namespace Sluice.ServerTests.Cli;

public sealed class BadInputTests
{
    [Theory]
    [InlineData("Did you mean campaigns", "--source-table", "campaings")]
    [InlineData("hours, days, weeks or months", "--source-table", "campaign_metrics")]
    [InlineData("'mysql://' is no source", "--source-table", "campaigns", "--source-uri", "mysql://x")]
    [InlineData("There is no destination for mongodb://", "--source-table", "campaigns", "--dest-uri", "mongodb://x")]
    [InlineData("after its end", "--source-table", "campaigns", "--interval-start", "2024-02-01", "--interval-end", "2024-01-01")]
    [InlineData("There is no option '--source-tables'. Did you mean --source-table", "--source-tables", "campaigns")]
    public async Task A_mistake_ends_with_2_before_anything_is_made(string words, params string[] arguments)
    {
        using var tool = new Tool { Environment = { ["CUSTOMERIO_APP_API_KEY"] = "k" } };

        var run = (await tool.RunAsync(["ingest", .. arguments])).Ended(ExitCode.Config);

        Assert.Equal("", run.Out);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(tool.Folder));
    }

    [Theory]
    [InlineData(".env", "tables")]
    [InlineData(".env", "ingest", "--source-table", "campaigns")]
    [InlineData("sluice.yaml", "validate")]
    [InlineData("sluice.yaml", "run")]
    [InlineData("sluice.yaml", "check")]
    [InlineData("sluice.yaml", "init", "--force")]
    [InlineData("crm.duckdb", "audit", "duckdb:///crm.duckdb", "campaigns")]
    [InlineData("crm.db", "state", "show", "sqlite:///crm.db")]
    [InlineData("crm.duckdb", "ingest", "--source-table", "campaigns", "--dest-uri", "duckdb:///crm.duckdb")]
    [InlineData("crm.db", "ingest", "--source-table", "campaigns", "--dest-uri", "sqlite:///crm.db")]
    public async Task A_pipe_in_the_place_of_a_file_is_refused_at_once_with_its_name(string file, params string[] arguments)
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        await NamedPipe.MakeAsync(tool.PathOf(file));

        var run = await tool.RunAsync(arguments);

        Assert.True(run.Code is ExitCode.Config or ExitCode.Destination, $"{run.Code}: {run.Error}");
        Assert.Matches($"{Regex.Escape(file)}.* is a named pipe", run.Error);
    }

    [Fact]
    public async Task What_a_user_names_as_input_may_be_a_pipe()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        const string Pipeline = "version: 1\nworkspaces: {a: {app_api_key: k}}\ndestinations: {d: \"duckdb:///crm.duckdb\"}\n"
            + "syncs: {s: {workspaces: [a], destination: d, tables: [campaigns]}}\n";
        string[] lines =
        [
            $"\"$0\" validate <(printf '{Pipeline}')",
            "\"$0\" query -f <(echo 'SELECT 41 + 1 AS n') --format csv",
            "echo 'SELECT 42' | \"$0\" query -f /dev/stdin",
        ];
        foreach (var line in lines)
        {
            using var process = tool.Start("bash", ["-c", line, BuiltTool.Program]);
            (await Tool.EndAsync(process)).Ended(ExitCode.Done);
        }
    }

    [Fact]
    public async Task A_server_does_not_start_without_the_pipeline_file_that_is_named()
    {
        using var tool = new Tool();
        var run = (await tool.RunAsync("serve", "--file", "no-such.yaml", "--listen", "http://127.0.0.1:0")).Ended(ExitCode.Config);
        Assert.Contains("There is no pipeline file no-such.yaml.", run.Error, StringComparison.Ordinal);
        Assert.Contains("without --file everything is set in the browser", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_ends_with_3_and_leaves_no_database()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        tool.Environment["CUSTOMERIO_APP_API_KEY"] = "wrong";

        var run = (await tool.RunAsync("ingest", "--source-table", "campaigns")).Ended(ExitCode.Auth);

        Assert.Equal("", run.Out);
        Assert.Contains("Check the App API key", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Split('\n'), line => line.StartsWith("error:", StringComparison.Ordinal));
        Assert.False(File.Exists(tool.PathOf("sluice.duckdb")));
    }

    [Fact]
    public async Task A_wrong_region_ends_with_3_and_the_right_one()
    {
        await using var account = await SimulatedAccount.StartAsync(options => options with { Faults = ["wrong-datacenter/v1/workspaces"] });
        using var tool = account.NewTool();

        var run = (await tool.RunAsync("ingest", "--source-table", "campaigns")).Ended(ExitCode.Auth);

        Assert.Contains("region=eu", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(tool.PathOf("sluice.duckdb")));
    }

    [Fact]
    public async Task A_folder_that_does_not_exist_ends_with_6()
    {
        using var tool = new Tool { Environment = { ["CUSTOMERIO_APP_API_KEY"] = "k" } };

        var run = (await tool.RunAsync("ingest", "--source-table", "campaigns", "--dest-uri", "duckdb:///no/such/x.duckdb")).Ended(
            ExitCode.Destination);

        Assert.Contains("mkdir -p", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(tool.PathOf("no")));
    }

    [Fact]
    public async Task A_file_that_is_no_database_ends_with_6_and_stays_as_it_is()
    {
        using var tool = new Tool { Environment = { ["CUSTOMERIO_APP_API_KEY"] = "k" } };
        await File.WriteAllTextAsync(tool.PathOf("notes.txt"), "dear diary", Tool.Cancel);

        var run = (await tool.RunAsync("ingest", "--source-table", "campaigns", "--dest-uri", "duckdb:///notes.txt")).Ended(ExitCode.Destination);

        Assert.Contains("notes.txt", run.Error, StringComparison.Ordinal);
        Assert.Equal("dear diary", await File.ReadAllTextAsync(tool.PathOf("notes.txt"), Tool.Cancel));
    }

    [Fact]
    public async Task A_database_in_use_ends_with_6_and_tells_by_whom()
    {
        using var tool = new Tool { Environment = { ["CUSTOMERIO_APP_API_KEY"] = "k" } };
        await using var holder = Database.Open(tool.PathOf("sluice.duckdb"));

        var run = (await tool.RunAsync("ingest", "--source-table", "campaigns")).Ended(ExitCode.Destination);

        Assert.Contains($"(process {Environment.ProcessId})", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_work_folder_that_cannot_be_made_is_named()
    {
        using var tool = new Tool { Environment = { ["CUSTOMERIO_APP_API_KEY"] = "k", ["SLUICE_HOME"] = "file/work" } };
        await File.WriteAllTextAsync(tool.PathOf("file"), "", Tool.Cancel);

        var run = (await tool.RunAsync("ingest", "--source-table", "campaigns")).Ended(ExitCode.Config);

        Assert.Contains("SLUICE_HOME", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(tool.PathOf("sluice.duckdb")));
    }
}
