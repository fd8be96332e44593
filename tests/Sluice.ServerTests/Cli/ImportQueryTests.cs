using Sluice.Engine.Runs;
using Sluice.ServerTests.Servers;
using Xunit;

namespace Sluice.ServerTests.Cli;

/// <summary>Rows of queries on real servers, brought into Customer.io.</summary>
public sealed class ImportQueryTests(PostgresServer postgres, ChdbServer clickHouse)
{
    [Fact]
    public async Task PostgreSQL_s_types_become_those_of_attributes_and_nothing_is_changed_there()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await database.QueryAsync(
            """
            CREATE TABLE accounts AS SELECT 'pg-' || i AS id, i AS n, i * 1.25 AS price, i = 1 AS is_first,
            timestamptz '2024-05-01 02:00:00+02' AS seen, date '2024-05-02' AS day,
            ARRAY['a', NULL] AS list, jsonb_build_object('x', i) AS pair, NULL::text AS nothing, 'Zoë' AS text
            FROM generate_series(0, 2) t(i)
            """);

        var rows = await ImportAsync(database.Uri, "SELECT * FROM accounts");

        Assert.Equal("""1|1.25|true|1714521600|1714608000|["a",null]|{"x":1}|Zoë|""", rows.Replace(": ", ":", StringComparison.Ordinal));
        await RefusedAsync(database.Uri, "DELETE FROM accounts RETURNING id", "DELETE would change the database");
        await RefusedAsync(database.Uri, "WITH gone AS (DELETE FROM accounts RETURNING id) SELECT * FROM gone", "in a read-only transaction");
        await RefusedAsync(database.Uri, "SELEC id FROM accounts", "syntax error at or near \"SELEC\"");
        await RefusedAsync(database.Uri, "SELECT id FROM acounts", "relation \"acounts\" does not exist");
        Assert.Equal("3", await database.QueryAsync("SELECT count(*) FROM accounts"));
    }

    [Fact]
    public async Task ClickHouse_s_types_become_those_of_attributes()
    {
        await using var database = await clickHouse.NewDatabaseAsync();
        var rows = await ImportAsync(
            database.Uri,
            "SELECT concat('pg-', toString(number)) AS id, number AS n, toDecimal64(number * 1.25, 2) AS price, "
                + "number = 1 ? true : false AS is_first, toDateTime('2024-05-01 00:00:00', 'UTC') AS seen, toDate('2024-05-02') AS day, "
                + "['a', NULL] AS list, map('x', number) AS pair, "
                + "CAST(NULL AS Nullable(String)) AS nothing, 'Zoë' AS text FROM numbers(3)");

        Assert.Equal("""1|1.25|true|1714521600|1714608000|["a",null]|{"x":1}|Zoë|""", rows);
        await RefusedAsync(database.Uri, "SELEC 1 AS id", "Syntax error");
        await RefusedAsync(database.Uri, "SELECT id FROM nowhere", "nowhere");
    }

    // What is wrong with the statement itself is its writer's mistake, and no trouble of the database.
    private static async Task RefusedAsync(string address, string sql, string problem)
    {
        var run = await RunAsync(address, sql);
        Assert.Equal(ExitCode.Config, run.Code);
        Assert.Contains(problem, run.Error, StringComparison.Ordinal);
    }

    private static async Task<string> ImportAsync(string address, string sql)
    {
        await using var account = await SimulatedAccount.StartAsync();
        var run = await RunAsync(address, sql, account);
        run.Ended(ExitCode.Done);
        using var tool = account.NewTool();
        string[] names = ["n", "price", "is_first", "seen", "day", "list", "pair", "text", "nothing"];
        var attributes = string.Join(" || '|' || ", names.Select(name => $"coalesce(attributes->>'{name}', '')"));
        var question = $"SELECT {attributes} AS all_values FROM customer_attributes WHERE id = 'pg-1'";
        var answer = await tool.RunAsync("query", question, "--format", "jsonl", "--source-uri", account.SourceUri);
        using var row = System.Text.Json.JsonDocument.Parse(answer.Ended(ExitCode.Done).Out);
        return row.RootElement.GetProperty("all_values").GetString()!;
    }

    private static async Task<ToolResult> RunAsync(string address, string sql, SimulatedAccount? given = null)
    {
        var account = given ?? await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        tool.Environment["CUSTOMERIO_SITE_ID"] = "sim-site";
        tool.Environment["CUSTOMERIO_TRACK_API_KEY"] = "sim-track-key";
        tool.Environment["CUSTOMERIO_TRACK_BASE_URL"] = account.Address;
        tool.Environment["SLUICE_FROM"] = address;
        var result = await tool.RunAsync("import", "--query", sql, "--into", "people");
        if (given is null)
        {
            await account.DisposeAsync();
        }

        return result;
    }
}
