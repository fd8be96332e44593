using System.Text.RegularExpressions;
using Sluice.Simulator;
using Sluice.Tests.Cli;
using Sluice.Tests.Repository;
using Xunit;

namespace Sluice.Tests.Sql;

public sealed partial class QueryCommandTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-test-").FullName;
    private SimulatorServer _simulator = null!;

    private ToolHarness Tool => new(new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["CUSTOMERIO_APP_API_KEY"] = "sim-app-key",
        ["SLUICE_SOURCE_URI"] = "customerio://?rate=10000",
        ["CUSTOMERIO_BASE_URL"] = _simulator.BaseAddress.ToString(),
    })
    { Folder = _folder };

    public async ValueTask InitializeAsync() => _simulator = await SimulatorServer.StartAsync(
        new SimulatorOptions { Customers = 40, Messages = 200, Campaigns = 5, RequestsPerSecond = 0, FreezeClock = true },
        TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _simulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("table", "id  name\n--  ----------\n 1  Campaign 1\n")]
    [InlineData("box", "┌────┬────────────┐\n│ id │ name       │\n├────┼────────────┤\n│  1 │ Campaign 1 │\n└────┴────────────┘\n")]
    [InlineData("markdown", "| id | name |\n| --- | --- |\n| 1 | Campaign 1 |\n")]
    [InlineData("csv", "id,name\n1,Campaign 1\n")]
    [InlineData("json", "[\n {\"id\":1,\"name\":\"Campaign 1\"}\n]\n")]
    [InlineData("jsonl", "{\"id\":1,\"name\":\"Campaign 1\"}\n")]
    public async Task Rows_are_written_in_every_format(string format, string expected)
    {
        var run = await Tool.RunAsync("query", "SELECT id, name FROM campaigns WHERE id = $id", "--param", "id=1", "--format", format);

        Assert.Equal((0, expected), (run.Code, run.Out));
        Assert.Equal("1 row; 1 request\n", run.Error);
    }

    [Theory]
    [InlineData("SELECT NULL AS n, '' AS e, 'a,\"b' AS t, [1, 2] AS l, {'a': DATE '2026-01-02'} AS s, '{\"x\":1}'::JSON AS j", "csv",
        "n,e,t,l,s,j\n,\"\",\"a,\"\"b\",\"[1,2]\",\"{\"\"a\"\":\"\"2026-01-02\"\"}\",\"{\"\"x\"\":1}\"\n")]
    [InlineData("SELECT NULL AS n, 1.50 AS d, true AS b, TIMESTAMPTZ '2026-01-02 03:04:05.5+00' AS t, '{\"x\":1}'::JSON AS j", "jsonl",
        "{\"n\":null,\"d\":1.50,\"b\":true,\"t\":\"2026-01-02T03:04:05.5Z\",\"j\":{\"x\":1}}\n")]
    public async Task Values_of_every_kind_are_written(string sql, string format, string expected)
    {
        var run = await Tool.RunAsync("query", sql, "--format", format);

        Assert.Equal((0, expected), (run.Code, run.Out));
    }

    [Theory]
    [InlineData("SELECT name FROM campaigns WHERE id = $id", "--param ids: the query has no such parameter. Did you mean id?", "ids=2")]
    [InlineData("SELECT name FROM campaigns WHERE id = $id", "--param ids: the query has no such parameter. It has id.", "id=1", "ids=2")]
    [InlineData("SELECT name FROM campaigns WHERE id = $id", "--param ID: the query has no such parameter. Did you mean id?", "ID=1")]
    [InlineData("SELECT name FROM campaigns WHERE id = :camp", "--param x: the query has no such parameter. It has camp.", "x=1")]
    [InlineData("SELECT name FROM campaigns WHERE id = ?", "--param 2: the query has no such parameter. It has 1.", "1=1", "2=1")]
    [InlineData("SELECT name FROM campaigns", "--param id: the query has no such parameter. Write $id in the query", "id=1")]
    [InlineData("SELECT name FROM campaigns WHERE id = $id", "--param id is given twice.", "id=1", "$id=2")]
    [InlineData("SELECT name FROM campaigns WHERE id = $id", "The parameter $id has no value. Give it one: --param id=VALUE")]
    [InlineData("SELECT name FROM campaigns WHERE id = :id", "--param id=VALUE")]
    [InlineData("SELECT name FROM campaigns WHERE id = ?", "The parameter ? has no value. Give it one: --param 1=VALUE")]
    public async Task A_parameter_that_the_query_does_not_have_or_that_has_no_value_is_told_before_any_request(
        string sql, string words, params string[] parameters)
    {
        // Where nobody listens: a request would be another error.
        var tool = new ToolHarness(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["CUSTOMERIO_APP_API_KEY"] = "sim-app-key",
            ["CUSTOMERIO_BASE_URL"] = "http://127.0.0.1:1",
        })
        { Folder = _folder };

        var run = await tool.RunAsync(["query", sql, .. parameters.SelectMany(one => new[] { "--param", one })]);

        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Contains(words, Blanks().Replace(run.Error, " "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_statements_each_may_use_some_of_the_parameters()
    {
        var run = await Tool.RunAsync("query", "SELECT $a AS v; SELECT $b AS v", "--param", "a=1", "--param", "b=2", "--format", "csv");
        Assert.Equal((0, "v\n1\nv\n2\n"), (run.Code, run.Out));
    }

    [Theory]
    [InlineData("SELECT * FROM campains", "Did you mean \"campaigns\"?")]
    [InlineData("DELETE FROM campaigns", "Customer.io has no call that changes campaigns")]
    [InlineData("SELECT $x", "--param x=VALUE")]
    public async Task What_is_wrong_ends_with_2_and_leaves_stdout_empty(string sql, string expected)
    {
        var run = await Tool.RunAsync("query", sql);

        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rows.csv")]
    [InlineData("rows.json")]
    [InlineData("rows.jsonl")]
    [InlineData("rows.parquet")]
    public async Task Rows_go_into_a_file_by_its_ending(string name)
    {
        var run = await Tool.RunAsync("query", "SELECT id FROM campaigns", "-o", name);
        var file = Path.Combine(_folder, name);

        Assert.Equal((0, ""), (run.Code, run.Out));
        using var connection = new DuckDB.NET.Data.DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM '{file}'";
        Assert.Equal(5L, command.ExecuteScalar());
    }

    [Fact]
    public async Task A_file_that_cant_be_written_ends_with_6() =>
        Assert.Equal(6, (await Tool.RunAsync("query", "SELECT 1", "-o", "nowhere/rows.csv")).Code);

    [Fact]
    public async Task A_script_is_answered_statement_by_statement_from_a_file_or_from_stdin()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "two.sql"), "SELECT 1 AS a;\nSELECT 2 AS b;", TestContext.Current.CancellationToken);

        var run = await Tool.RunAsync("query", "-f", "two.sql", "--format", "csv", "--progress", "none");
        Assert.Equal((0, "a\n1\nb\n2\n", ""), (run.Code, run.Out, run.Error));
        var typed = new ToolHarness { Folder = _folder, Answers = "SELECT 3 AS c" };
        Assert.Equal(0, (await typed.RunAsync("query", "-", "--source-uri", $"customerio://?api_key=x&base_url={_simulator.BaseAddress}")).Code);
    }

    [Fact]
    public async Task Explain_shows_a_tree_or_json()
    {
        const string sql = "EXPLAIN SELECT id FROM campaign_actions WHERE campaign_id IN (1, 3) AND type = 'email'";
        var text = await Tool.RunAsync("query", sql);
        var json = await Tool.RunAsync("query", sql, "--json");

        Assert.Equal(
            "2 requests, 0 s at the workspace's rate\n└─ campaign_actions: campaign_id in (1, 3)\n     requests: 2\n"
            + "     pushed down: campaign_id\n     checked here: (\"campaign_id\" IN (1, 3)) AND (\"type\" = 'email')\n",
            text.Out);
        Assert.Contains("\"least_requests\": 2", json.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workspace_of_the_pipeline_file_is_asked_by_its_name()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "sluice.yaml"),
            $$"""
            version: 1
            workspaces:
              main: {app_api_key: "${CUSTOMERIO_APP_API_KEY}", region: us, base_url: "{{_simulator.BaseAddress}}"}
            destinations:
              crm: duckdb:///crm.duckdb
            syncs:
              all: {workspaces: [main], destination: crm, tables: [campaigns]}
            """,
            TestContext.Current.CancellationToken);

        var run = await Tool.RunAsync("query", "SELECT count(*) AS n FROM campaigns", "--workspace", "main", "--format", "csv");
        Assert.Equal((0, "n\n5\n"), (run.Code, run.Out));
        var wrong = await Tool.RunAsync("query", "SELECT 1", "--workspace", "other");
        Assert.Equal(2, wrong.Code);
        Assert.Contains("There are main.", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_query_of_the_documentation_runs()
    {
        var blocks = SqlBlocks().Matches(Checkout.Read("docs/sql.md")).Select(block => block.Groups[1].Value).ToList();

        Assert.NotEmpty(blocks);
        foreach (var script in blocks)
        {
            var run = await Tool.RunAsync("query", script);
            Assert.True(run.Code == 0, $"{script}\n{run.Error}");
        }
    }

    [GeneratedRegex("```sql\n(.*?)```", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex SqlBlocks();

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Blanks();
}
