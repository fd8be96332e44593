using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Simulator;
using Sluice.Sql;
using Sluice.Sql.Text;
using Xunit;

namespace Sluice.Tests.Sql;

public sealed class SqlSessionTests
{
    private static readonly Dictionary<string, string?> NoParameters = new(StringComparer.Ordinal);

    private static readonly SimulatorOptions Options = new()
    {
        Customers = 60,
        Messages = 300,
        Activities = 200,
        Campaigns = 5,
        ActionsOfEachCampaign = 2,
        RequestsPerSecond = 0,
        FreezeClock = true,
    };

    [Theory]
    [InlineData("SELECT * FROM campains", "Did you mean \"campaigns\"?")]
    [InlineData("SELECT nam FROM campaigns", "Candidate bindings: \"name\"")]
    [InlineData("SELEC 1 FROM (SELECT 1)", "not with SELEC")]
    [InlineData("SELECT FROM WHERE", "syntax error")]
    [InlineData("SELECT * FROM read_csv('/etc/passwd')", "file system operations are disabled")]
    [InlineData("SELECT * FROM '/etc/passwd'", "")]
    [InlineData("SELECT * FROM read_parquet('https://example.com/x.parquet')", "")]
    [InlineData("SELECT * FROM glob('/*')", "file system operations are disabled")]
    [InlineData("WITH x AS (SELECT 1) INSERT INTO campaigns(id) SELECT 1", "INSERT would change something")]
    [InlineData("WITH x AS (SELECT 1) DELETE FROM campaigns", "DELETE would change something")]
    [InlineData("SELECT rowid FROM campaigns", "have no rowid")]
    [InlineData("SELECT * FROM deliveries_export", "deliveries_export does not exist")]
    public async Task What_is_wrong_is_told_without_a_request(string sql, string expected)
    {
        await using var bench = await SqlBench.StartAsync(Options);

        var error = await Assert.ThrowsAsync<SluiceException>(() => bench.AskAsync(sql));

        Assert.Equal(SluiceErrorKind.Config, error.Kind);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, bench.Requests);
    }

    [Theory]
    [InlineData("SELECT * FROM sqlite_scan('a.db', 't')", "sqlite_scanner extension.")]
    [InlineData("SELECT ST_Point(1, 2)", "spatial extension.")]
    public async Task A_function_of_an_extension_is_named_without_advice_that_can_not_be_followed(string sql, string expected)
    {
        await using var bench = await SqlBench.StartAsync(Options);

        var error = await Assert.ThrowsAsync<SluiceException>(() => bench.AskAsync(sql));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("INSTALL", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("autoload", error.Message, StringComparison.Ordinal);
        Assert.Contains("can't load extensions", error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT 6 * 7 AS answer")]
    [InlineData("SELECT 'nan'::DOUBLE AS nothing, CAST('inf' AS DOUBLE) AS much")]
    [InlineData("SHOW TABLES")]
    [InlineData("DESCRIBE campaigns")]
    [InlineData("SELECT column_name FROM sluice_columns WHERE table_name = 'messages' AND pushed_down IS NOT NULL")]
    [InlineData("SELECT count(*) FROM sluice_tables")]
    [InlineData("SELECT * FROM campaigns LIMIT 0")]
    [InlineData("SELECT table_name FROM information_schema.tables")]
    [InlineData("EXPLAIN SELECT * FROM campaign_actions WHERE campaign_id = 5")]
    public async Task What_needs_no_row_of_Customer_io_asks_for_none(string sql)
    {
        await using var bench = await SqlBench.StartAsync(Options);

        Assert.Equal(0, sql.StartsWith("EXPLAIN", StringComparison.Ordinal)
            ? (await bench.ExplainAsync(sql)).Requests
            : (await bench.AskAsync(sql)).Report.Requests);
        Assert.Equal(0, bench.Requests);
    }

    [Fact]
    public async Task Every_table_can_be_read_under_its_name_and_under_those_of_other_products()
    {
        await using var bench = await SqlBench.StartAsync(Options);
        foreach (var table in SqlSession.Tables.All.Where(table => table.Source.Period is null or MetricsPeriod.Weeks))
        {
            var (rows, _) = await bench.AskAsync($"SELECT count(*) FROM {table.Name}");
            Assert.NotEmpty(rows);
            await bench.ExplainAsync($"SELECT * FROM {table.Name}");
            if (table.Aliases.FirstOrDefault() is { } alias)
            {
                await bench.ExplainAsync($"SELECT * FROM {alias}");
            }
        }
    }

    [Fact]
    public async Task A_query_that_is_too_expensive_stops_before_it_spends()
    {
        await using var bench = await SqlBench.StartAsync(Options);
        await bench.UseAsync(new SqlOptions { MostRequests = 5 });

        var error = await Assert.ThrowsAsync<SluiceException>(() => bench.AskAsync("SELECT count(*) FROM messages"));

        Assert.Equal(SluiceErrorKind.Config, error.Kind);
        Assert.StartsWith("The query needs at least ", error.Message, StringComparison.Ordinal);
        Assert.Contains("messages costs most", error.Message, StringComparison.Ordinal);
        Assert.Contains("created", error.Hint, StringComparison.Ordinal);
        Assert.Equal(0, bench.Requests);
        await Assert.ThrowsAsync<SluiceException>(() => bench.AskAsync("SELECT count(*) FROM campaign_actions"));
        Assert.Equal(1, bench.Requests);
        Assert.Single((await bench.AskAsync("SELECT count(*) FROM campaign_actions WHERE campaign_id IN (1, 2)")).Rows);
    }

    [Fact]
    public async Task Explain_says_what_is_pushed_down_and_what_is_checked_here()
    {
        await using var bench = await SqlBench.StartAsync(Options);

        var report = await bench.ExplainAsync(
            "SELECT a.id FROM campaigns c JOIN campaign_actions a ON a.campaign_id = c.id WHERE c.id IN (1, 2) AND a.type = 'email'");

        Assert.Equal((3, 3, 1), (report.LeastRequests, report.LikelyRequests, report.Requests));
        Assert.Equal(["campaigns", "campaign_actions"], report.Steps.Select(step => step.Table));
        Assert.Equal(["campaign_id"], report.Steps[1].Pushed);
        Assert.Contains("'email'", Assert.Single(report.Steps[1].Checked), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Now_is_the_same_instant_in_the_plan_and_in_the_answer()
    {
        await using var bench = await SqlBench.StartAsync(Options);

        Assert.Equal(["True|"], (await bench.AskAsync("SELECT now() = (SELECT max(n) FROM (SELECT now() AS n FROM campaigns))")).Rows);
        var (rows, _) = await bench.AskAsync("SELECT count(*) FROM messages WHERE created > now() - INTERVAL 400 DAY AND created <= now()");
        Assert.Equal((await bench.AskAsync("SELECT count(*) FROM messages WHERE created + INTERVAL 400 DAY > now()")).Rows, rows);
    }

    [Theory]
    [InlineData("401", SluiceErrorKind.Auth)]
    [InlineData("400#2/v1/campaigns/*", SluiceErrorKind.Api)]
    public async Task A_failing_page_fails_the_query(string fault, SluiceErrorKind kind)
    {
        await using var bench = await SqlBench.StartAsync(Options);
        await bench.World.FaultsAsync(fault);

        var error = await Assert.ThrowsAsync<SluiceException>(() => bench.AskAsync("SELECT count(*) FROM campaign_actions WHERE campaign_id < 4"));

        Assert.Equal(kind, error.Kind);
    }

    [Fact]
    public async Task A_key_that_is_nobodys_is_no_row_and_a_parent_that_vanishes_while_it_is_read_fails_the_query()
    {
        await using var bench = await SqlBench.StartAsync(Options);

        Assert.Equal(["0|"], (await bench.AskAsync("SELECT count(*) FROM campaign_actions WHERE campaign_id = 4711")).Rows);
        await bench.World.FaultsAsync("404#1/v1/campaigns/*");
        var error = await Assert.ThrowsAsync<SluiceException>(() => bench.AskAsync("SELECT count(*) FROM campaign_actions"));
        Assert.Contains("can't be answered whole", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_fetched_serves_later_queries_until_it_is_too_old()
    {
        await using var bench = await SqlBench.StartAsync(Options);
        var kept = new SqlOptions { CacheFolder = Path.Combine(bench.World.WorkFolder, "cache") };
        const string sql = "SELECT c.name, count(*) FROM campaigns c JOIN campaign_actions a ON a.campaign_id = c.id GROUP BY 1";
        await bench.UseAsync(kept);
        var (rows, first) = await bench.AskAsync(sql);
        await bench.UseAsync(kept);
        var (again, second) = await bench.AskAsync(sql);

        Assert.Equal(6, first.Requests);
        Assert.Equal(0, second.Requests);
        Assert.Equal(rows.Order(StringComparer.Ordinal), again.Order(StringComparer.Ordinal));
        Assert.All(second.Steps, step => Assert.NotNull(step.Age));
        Assert.Equal(0, (await bench.AskAsync("SELECT * FROM campaigns WHERE id = 1")).Report.Requests);
        await bench.UseAsync(kept with { IsFresh = true });
        Assert.Equal(1, (await bench.AskAsync("SELECT * FROM campaigns WHERE id = 1")).Report.Requests);
        await bench.UseAsync(kept with { CacheLifetime = TimeSpan.FromMilliseconds(1) });
        Assert.Equal(1, (await bench.AskAsync("SELECT * FROM campaigns WHERE id = 1")).Report.Requests);
    }

    [Fact]
    public async Task A_reading_that_a_limit_has_stopped_is_not_kept()
    {
        await using var bench = await SqlBench.StartAsync(Options);
        var (expected, _) = await bench.AskAsync("SELECT count(*) FROM activities");
        await bench.UseAsync(new SqlOptions { CacheFolder = Path.Combine(bench.World.WorkFolder, "cache") });

        Assert.Equal(3, (await bench.AskAsync("SELECT id FROM activities LIMIT 3")).Rows.Count);
        var (rows, report) = await bench.AskAsync("SELECT count(*) FROM activities");

        Assert.Equal(expected, rows);
        Assert.True(report.Requests >= 2);
    }

    [Fact]
    public async Task The_time_is_told_at_the_rate_of_the_workspace()
    {
        await using var bench = await SqlBench.StartAsync(Options);
        using var client = bench.World.Client(2);
        await using var session = new SqlSession(client, new SqlOptions(), TimeProvider.System);
        var statement = SqlStatement.ParseAll("SELECT * FROM campaign_actions WHERE campaign_id IN (1, 2, 3, 4)", NoParameters)[0];

        var report = await session.ExplainAsync(statement, TestContext.Current.CancellationToken);

        Assert.Equal(TimeSpan.FromSeconds(2), report.Duration);
    }

    [Fact]
    public async Task An_error_points_at_its_place_behind_any_letters()
    {
        await using var bench = await SqlBench.StartAsync(Options);

        var error = await Assert.ThrowsAsync<SluiceException>(() => bench.AskAsync("SELECT 'Zürich 東京', nam FROM campaigns"));

        var lines = error.Message.Split('\n');
        Assert.Equal(lines[^2].IndexOf("nam", StringComparison.Ordinal), lines[^1].IndexOf('^', StringComparison.Ordinal));
    }

    [Fact]
    public async Task People_without_attributes_cost_no_lookup()
    {
        await using var bench = await SqlBench.StartAsync(Options);

        Assert.Equal(1, (await bench.AskAsync("SELECT id, email FROM customers")).Report.Requests);
        Assert.Equal(2, (await bench.AskAsync("SELECT id, attributes->>'plan' FROM customers")).Report.Requests);
    }

    [Fact]
    public async Task An_attached_file_gives_keys_and_cant_be_written()
    {
        await using var bench = await SqlBench.StartAsync(Options);
        await bench.World.IngestAsync("campaigns");
        await bench.UseAsync(new SqlOptions { Attached = new Dictionary<string, string>(StringComparer.Ordinal) { ["crm"] = bench.World.File } });

        var (rows, report) = await bench.AskAsync(
            "SELECT a.campaign_id, count(*) FROM crm.customerio.campaigns c JOIN campaign_actions a ON a.campaign_id = c.id WHERE c.id < 3 GROUP BY 1");

        Assert.Equal(2, rows.Count);
        Assert.Equal(2, report.Requests);
        await Assert.ThrowsAsync<SluiceException>(() => bench.AskAsync("WITH x AS (SELECT 1) DELETE FROM crm.customerio.campaigns"));
    }

    [Fact]
    public async Task A_query_leaves_no_files_behind()
    {
        var before = Directory.GetDirectories(Path.GetTempPath(), "sluice-query-*").Length;
        await using (var bench = await SqlBench.StartAsync(Options))
        {
            await bench.AskAsync("SELECT * FROM campaigns");
            await Assert.ThrowsAsync<SluiceException>(() => bench.AskAsync("SELECT * FROM nothing"));
        }

        Assert.InRange(Directory.GetDirectories(Path.GetTempPath(), "sluice-query-*").Length, 0, before + 8);
    }
}
