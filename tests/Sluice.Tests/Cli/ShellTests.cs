using Sluice.Simulator;
using Xunit;

namespace Sluice.Tests.Cli;

public sealed class ShellTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-test-").FullName;
    private SimulatorServer _simulator = null!;

    private string History => Path.Combine(_folder, ".sluice", "shell-history");

    public async ValueTask InitializeAsync() => _simulator = await SimulatorServer.StartAsync(
        new SimulatorOptions { Customers = 40, Messages = 200, Campaigns = 5, RequestsPerSecond = 0, FreezeClock = true },
        TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _simulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Statements_and_commands_from_stdin_are_run_one_after_another()
    {
        var run = await ReadAsync("""
            -- a comment;
            SELECT id,
              ';' AS t
            FROM campaigns WHERE id = 1; SELECT 2 AS b;
            .mode csv
            .mode
            SELECT count(*) AS n FROM campaigns
            """);

        Assert.Equal(0, run.Code);
        Assert.Equal("id  t\n--  -\n 1  ;\nb\n-\n2\ncsv\nn\n5\n", run.Out);
        Assert.Matches(@"^1 row; 1 request; \d+\.\d s\n1 row; 0 requests; \d+\.\d s\n", run.Error);
        Assert.Matches(@"\n1 row; 0 requests; \d+\.\d s; some rows were fetched \d+ s ago", run.Error);
        Assert.False(File.Exists(History));
    }

    [Theory]
    [InlineData("SELECT 1 AS a;\n\nSELECT\nx;\nSELECT 2;", 2, "error: Line 3: ")]
    [InlineData("SELECT 1 AS a;\n-- no\nDELETE FROM campaigns;", 2, "error: Line 3: Customer.io has no call that changes campaigns")]
    [InlineData("SELECT 1 AS a;\n.tabels\nSELECT 2;", 2, "error: Line 2: There is no command '.tabels'.\n  Did you mean .tables?")]
    [InlineData("SELECT 1 AS a;\n.schema campains\n", 2, "error: Line 2: There is no table 'campains'.\n  Did you mean campaigns")]
    [InlineData("SELECT 1 AS a;\n.mode jsn\n", 2, "error: Line 2: There is no format 'jsn'.\n  Did you mean json")]
    [InlineData("SELECT 1 AS a;\n.cost\n.cost x;\n", 2, "error: Line 3: ")]
    [InlineData("SELECT 1 AS a;\nSELECT 'open", 2, "error: Line 2: ")]
    public async Task The_first_error_of_a_script_ends_it_and_names_its_line(string script, int code, string expected)
    {
        var run = await ReadAsync(script, "--format", "csv");

        Assert.Equal(code, run.Code);
        Assert.StartsWith("a\n1\n", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("2\n", run.Out[4..].Replace("0 requests", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_refused_ends_a_script_with_3()
    {
        var run = await new ToolHarness { Folder = _folder, Answers = "SELECT * FROM campaigns;\nSELECT 2;" }
            .RunAsync("shell", $"customerio://?api_key=wrong&base_url={_simulator.BaseAddress}");

        Assert.Equal((3, ""), (run.Code, run.Out));
        Assert.Contains("error: Line 1: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_tell_of_tables_columns_and_prices()
    {
        var run = await ReadAsync("""
            .mode csv
            .tables segment_mem
            .tables c*paigns
            .schema CampaignActions
            .schema sluice_columns
            .cost SELECT * FROM campaign_actions WHERE campaign_id IN (1, 2);
            SELECT count(*) AS n FROM segments;
            .cost
            .quit
            SELECT 'not reached';
            """);

        Assert.Equal(0, run.Code);
        Assert.StartsWith(
            "table,what a row is\nsegment_memberships,One row per segment and person in it\ntable,what a row is\ncampaigns,One row per campaign\n",
            run.Out, StringComparison.Ordinal);
        Assert.Contains("column,type,key,saves_requests\ncampaign_id,BIGINT,", run.Out, StringComparison.Ordinal);
        Assert.Contains("column,type\ntable_name,VARCHAR\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("2 requests, 0 s at the workspace's rate\n└─ campaign_actions: campaign_id in (1, 2)\n", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("1 request made.\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_of_attached_files_are_among_the_others()
    {
        using (var connection = new DuckDB.NET.Data.DuckDBConnection($"DataSource={Path.Combine(_folder, "crm.duckdb")}"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE SCHEMA customerio; CREATE TABLE customerio.people (id BIGINT, \"Last name\" VARCHAR)";
            command.ExecuteNonQuery();
        }

        var run = await ReadAsync(".mode csv\n.tables crm\n.schema crm.customerio.people", "--attach", "crm.duckdb");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal("table,what a row is\ncrm.customerio.people,\"\"\ncolumn,type\nid,BIGINT\nLast name,VARCHAR\n", run.Out);
    }

    [Fact]
    public async Task Typed_statements_are_answered_and_errors_end_nothing()
    {
        var terminal = new TypedTerminal("SELECT⏎  7 AS n;⏎SELECT * FROM campains;⏎.tabels⏎SELECT id FR⇥ segmen⇥s⏎ORDER BY 1 LIMIT 1;⏎");
        var run = await TypeAsync(terminal, "--format", "csv");

        Assert.Equal((0, "n\n7\nid\n1\n"), (run.Code, run.Out));
        Assert.Contains("Did you mean \"campaigns\"?", run.Error, StringComparison.Ordinal);
        Assert.Contains("Did you mean .tables?", run.Error, StringComparison.Ordinal);
        Assert.Contains("sluice> SELECT\n     ->   7 AS n;\n1 row; 0 requests; ", terminal.Seen, StringComparison.Ordinal);
        Assert.Contains("sluice> SELECT id FROM segments\n     -> ORDER BY 1 LIMIT 1;\n1 row; 1 request; ", terminal.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_typed_is_kept_but_no_key()
    {
        await TypeAsync(new TypedTerminal("SELECT⏎1;⏎SELECT 'sim-app-key';⏎ SELECT 2;⏎.help⏎SELECT 'x' AS \"token=abc\";⏎exit⏎SELECT 3;⏎"));
        var terminal = new TypedTerminal("↑↑↑⏎");
        await TypeAsync(terminal);

        Assert.Equal(["SELECT\\n1;", ".help", "exit", "SELECT\\n1;"], await File.ReadAllLinesAsync(History, TestContext.Current.CancellationToken));
        Assert.Contains("sluice> SELECT\n     -> 1;\n", terminal.Seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("n⏎", "", 0)]
    [InlineData("⏎", "", 0)]
    [InlineData("y⏎", "n\n22\n", 1)]
    public async Task A_query_that_is_too_expensive_asks_first(string answer, string rows, int prices)
    {
        var terminal = new TypedTerminal($"SELECT 22 AS n FROM (SELECT count(*) FROM campaign_actions);⏎{answer}SELECT 1 AS one;⏎");
        var run = await TypeAsync(terminal, "--max-requests", "2", "--format", "csv");

        Assert.Equal((0, $"{rows}one\n1\n"), (run.Code, run.Out));
        Assert.Contains("warning: The query needs ", run.Error, StringComparison.Ordinal);
        Assert.Matches(@"\d+ requests, about 0 s\. Run it\? \[y/N\]", terminal.Seen);
        Assert.Equal(prices + 1, terminal.Seen.Split("1 row; ").Length - 1);
    }

    [Theory]
    [InlineData("no⏎", false)]
    [InlineData("yes⏎", true)]
    public async Task A_change_of_all_rows_asks_first(string answer, bool isMade)
    {
        var terminal = new TypedTerminal(
            $"UPDATE snippets SET value = 'Hi';⏎{answer}SELECT count(*) > 0 AND bool_and(value = 'Hi') AS is_made FROM snippets;⏎");
        var run = await TypeAsync(terminal, "--format", "csv");

        Assert.EndsWith($"is_made\n{(isMade ? "true" : "false")}\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("Type yes to go on: ", terminal.Seen, StringComparison.Ordinal);
        Assert.Contains("update snippets without WHERE", run.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_script_of_the_shell_makes_changes_that_were_agreed_to_and_stops_at_others()
    {
        const string Script = "UPDATE snippets SET value = 'Hi' WHERE name = (SELECT min(name) FROM snippets);\nDELETE FROM snippets;\nSELECT 1;";

        var asked = await ReadAsync(Script, "--format", "csv");
        Assert.Equal(2, asked.Code);
        Assert.Contains("error: Line 2: DELETE snippets without WHERE", asked.Error, StringComparison.Ordinal);
        var changed = await ReadAsync("SELECT value FROM snippets ORDER BY name LIMIT 1", "--format", "csv");
        Assert.Equal("value\nHi\n", changed.Out);

        Assert.Equal(2, (await ReadAsync("DELETE FROM snippets;", "--format", "csv", "--yes")).Code);
        var agreed = await ReadAsync("DELETE FROM snippets;\nSELECT 1;", "--format", "csv", "--yes", "3");
        Assert.Equal(0, agreed.Code);
        Assert.EndsWith("1\n1\n", agreed.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".he⇥⏎", "sluice> .help")]
    [InlineData(".schema segment_m⇥⏎", "sluice> .schema segment_memberships")]
    [InlineData(".mode mark⇥⏎", "sluice> .mode markdown")]
    [InlineData(".cost SELECT c.deduplicate⇥ FROM campaigns c;⏎", "sluice> .cost SELECT c.deduplicate FROM")]
    [InlineData(".cost SELECT segments.descri⇥⏎", "sluice> .cost SELECT segments.description")]
    public async Task Commands_are_completed(string keys, string expected)
    {
        var terminal = new TypedTerminal(keys);
        await TypeAsync(terminal);

        Assert.Contains(expected, terminal.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_and_a_workspace_or_two_addresses_are_a_mistake()
    {
        var run = await ReadAsync("", "customerio://", "--source-uri", "customerio://");
        Assert.Equal(2, run.Code);
        Assert.Contains("There are two addresses.", run.Error, StringComparison.Ordinal);
    }

    private Task<(int Code, string Out, string Error)> ReadAsync(string script, params string[] options) =>
        new ToolHarness(Settings) { Folder = _folder, Answers = script }.RunAsync(["shell", .. options]);

    private Task<(int Code, string Out, string Error)> TypeAsync(TypedTerminal terminal, params string[] options) =>
        new ToolHarness(Settings) { Folder = _folder, Terminal = terminal.Terminal }.RunAsync(["shell", .. options]);

    private Dictionary<string, string> Settings => new(StringComparer.Ordinal)
    {
        ["CUSTOMERIO_APP_API_KEY"] = "sim-app-key",
        ["SLUICE_SOURCE_URI"] = "customerio://?rate=10000",
        ["CUSTOMERIO_BASE_URL"] = _simulator.BaseAddress.ToString(),
    };
}
