using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using Sluice.Engine.DuckDb;
using Sluice.Simulator;
using Sluice.Sql;
using Sluice.Sql.Text;
using Sluice.Tests.DuckDb;
using Sluice.Tests.Repository;
using Xunit;

namespace Sluice.Tests.Sql;

public sealed partial class OptimizersTests : IAsyncLifetime
{
    private const string Always = "join_filter_pushdown";

    private readonly TemporaryFolder _folder = new();
    private SqlBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        // DuckDB keeps 122,880 rows together: of the first of those no row has a value.
        await using (var connection = new DuckDBConnection($"Data Source={_folder.File("crm.duckdb")}"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await connection.RunAsync(
                """
                CREATE TABLE none AS
                    SELECT i AS n, NULL::VARCHAR AS s, NULL::BOOLEAN AS b, NULL::DOUBLE AS d, NULL::DECIMAL(3, 1) AS m FROM range(10) r(i);
                CREATE TABLE late AS SELECT i AS n, CASE WHEN i >= 122880 THEN 'x' END AS s FROM range(122900) r(i);
                CREATE VIEW seen AS SELECT n FROM none WHERE s IS DISTINCT FROM 'a' OR s = 'b'
                """,
                TestContext.Current.CancellationToken);
        }

        _bench = await SqlBench.StartAsync(new SimulatorOptions { Customers = 10, Campaigns = 2, RequestsPerSecond = 0, FreezeClock = true });
        var attached = new Dictionary<string, string>(StringComparer.Ordinal) { ["crm"] = _folder.File("crm.duckdb") };
        await _bench.UseAsync(new SqlOptions { Attached = attached });
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("none WHERE s IS DISTINCT FROM 'a' OR s <> 'b'", 10)]
    [InlineData("none WHERE b IS NOT TRUE OR b = true", 10)]
    [InlineData("none WHERE NOT (s IS NOT DISTINCT FROM 'a') OR s > 'b'", 10)]
    [InlineData("none WHERE d IS DISTINCT FROM 1e3 OR d = 1e3", 10)]
    [InlineData("none WHERE m IS DISTINCT FROM 99.5 OR m = 99.5", 10)]
    [InlineData("(SELECT s, 'a' AS wanted FROM crm.none) WHERE s IS DISTINCT FROM wanted OR s = wanted", 10)]
    [InlineData("none t WHERE (d IS DISTINCT FROM 1e3 OR d = 1e3) AND EXISTS (SELECT 1 FROM crm.late l WHERE l.n = t.n AND l.s IS NULL)", 10)]
    [InlineData("none t WHERE (s IS DISTINCT FROM 'a' OR s = 'b') AND n IN (SELECT id FROM campaigns)", 2)]
    [InlineData("late WHERE s IS DISTINCT FROM 'x' OR s = 'y'", 122880)]
    [InlineData("seen", 10)]
    public async Task Rows_of_which_a_column_has_no_value_are_found(string from, long expected)
    {
        var named = from[0] == '(' ? from : $"crm.{from}";

        Assert.Equal([$"{expected}|"], (await _bench.AskAsync($"SELECT count(*) FROM {named}")).Rows);
        Assert.Equal([$"{expected}|"], (await _bench.AskAsync($"WITH q AS MATERIALIZED (SELECT 1 FROM {named}) SELECT count(*) FROM q")).Rows);
    }

    [Fact]
    public async Task Two_conditions_that_meet_in_one_scan_lose_no_row()
    {
        const string sql = "WITH q AS MATERIALIZED (SELECT * FROM crm.none) "
            + "SELECT count(*) FROM (SELECT n FROM q WHERE s IS DISTINCT FROM 'a' UNION ALL SELECT n FROM q WHERE s = 'b')";

        Assert.Equal(["10|"], (await _bench.AskAsync(sql)).Rows);
    }

    [Theory]
    [InlineData("s = 'a' OR s IS NULL", Always)]
    [InlineData("s IS DISTINCT FROM 'a'", Always)]
    [InlineData("s IS DISTINCT FROM 'a' OR n = 3", Always)]
    [InlineData("s IS DISTINCT FROM 'a' OR s = 'b'", $"{Always},expression_rewriter")]
    [InlineData("d IS DISTINCT FROM 1e3 OR d = 1e3", $"{Always},filter_pushdown,cte_filter_pusher")]
    public async Task What_makes_queries_fast_is_off_only_where_it_makes_them_wrong(string condition, string expected)
    {
        var sql = $"SELECT DISTINCT current_setting('disabled_optimizers') FROM crm.none WHERE {condition}";

        Assert.Equal(expected.Split(',').Order(), Assert.Single((await _bench.AskAsync(sql)).Rows).TrimEnd('|').Split(',').Order());
    }

    // Loads, imports and pushes run on connections of which nobody reads plans; conditions of an ingest never come to DuckDB.
    [Fact]
    public void No_statement_of_Sluice_itself_has_such_a_condition()
    {
        var found = Checkout.Files("src", "*.cs").Concat(Checkout.Files("src/Sluice.Engine/Catalog", "*.json"))
            .SelectMany(file => Checkout.Read(file).Split('\n').Where(line => Constant().IsMatch(line)).Select(line => $"{file}: {line.Trim()}"));

        Assert.Equal(
            ["src/Sluice.Writes/Backup/BackupKind.cs: + $\"WHERE type IS DISTINCT FROM 'manual' AND {Named(\"name\", only)} ORDER BY 2, 1, 5\","],
            found.Where(line => !line.Contains("///", StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"IS DISTINCT FROM ['\d$]|IS NOT (TRUE|FALSE)|DISTINCT FROM (true|false)", RegexOptions.NonBacktracking)]
    private static partial Regex Constant();

    [Fact]
    public async Task A_statement_changes_the_rows_of_which_a_column_has_no_value()
    {
        var sql = "UPDATE customers SET plan = 'pro' WHERE (phone IS DISTINCT FROM '1' OR phone = '2') AND phone IS NULL";
        var statement = Assert.Single(SqlStatement.ParseAll(sql, new Dictionary<string, string?>(StringComparer.Ordinal)));
        var (rows, _) = await _bench.AskAsync("SELECT id FROM customers WHERE phone IS NULL AND plan IS DISTINCT FROM 'pro'");

        await using var planned = await _bench.Session.PlanWriteAsync(statement, TestContext.Current.CancellationToken);

        Assert.NotEmpty(rows);
        Assert.Equal(rows.Count, planned.Count);
    }
}
