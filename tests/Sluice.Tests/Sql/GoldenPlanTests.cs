using Sluice.Simulator;
using Xunit;

namespace Sluice.Tests.Sql;

/// <summary>Requests of typical queries, over a workspace in which every whole table costs more.</summary>
public sealed class GoldenPlanTests : IAsyncLifetime
{
    private SqlBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await SqlBench.StartAsync(new SimulatorOptions
        {
            Customers = 150,
            Messages = 400,
            Activities = 300,
            Campaigns = 10,
            ActionsOfEachCampaign = 3,
            Newsletters = 4,
            RequestsPerSecond = 0,
            FreezeClock = true,
        });
        await _bench.IngestAsync(
            "campaigns", "campaign_actions", "messages", "segments", "segment_memberships", "customers", "customer_attributes", "activities",
            "campaign_action_metrics:weeks", "customer_segments", "campaign_messages");
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Typical_queries_take_no_more_requests_than_they_need()
    {
        var running = _bench.Expected("SELECT id FROM campaigns WHERE state = 'running'").Count;
        var named = _bench.Expected("SELECT id FROM campaigns WHERE name LIKE 'Campaign 1%'").Count;
        var segments = _bench.Expected("SELECT id FROM segments").Count;
        (string Sql, int Most)[] golden =
        [
            ("SELECT * FROM campaign_actions WHERE campaign_id = 5", 1),
            ("SELECT id FROM campaign_actions WHERE campaign_id = '5'", 1),
            ("SELECT id FROM campaign_actions WHERE campaign_id IN (5, 7, 9)", 3),
            ("SELECT id FROM campaign_actions WHERE campaign_id = 5 OR campaign_id = 7", 2),
            ("SELECT id FROM campaign_actions WHERE (campaign_id = 5 AND type = 'email') OR (campaign_id = 7 AND name = 'x')", 2),
            ("SELECT id FROM campaign_actions WHERE campaign_id IN (5, 6)", 2),
            ("SELECT id FROM campaign_actions WHERE campaign_id BETWEEN 4 AND 6", 3),
            ("SELECT id FROM campaign_actions WHERE campaign_id > 8", 3),
            ("SELECT id FROM campaign_actions WHERE campaign_id = 5.0", 1),
            ("SELECT id FROM campaign_actions WHERE campaign_id + 1 = 6", 1),
            ("SELECT id FROM campaign_actions WHERE campaign_id = ANY([5, 7])", 2),
            ("SELECT id FROM campaign_actions WHERE campaign_id IN (SELECT unnest([5, 7]))", 2),
            ("SELECT a.id FROM campaign_actions a JOIN (VALUES (5), (7)) v(k) ON v.k = a.campaign_id", 2),
            ("SELECT id FROM campaign_actions WHERE CAST(campaign_id AS VARCHAR) = '5'", 1),
            ("SELECT a.id FROM campaigns c JOIN campaign_actions a ON a.campaign_id = c.id WHERE c.name LIKE 'Campaign 1%'", 1 + named),
            ("SELECT a.id FROM campaigns c JOIN campaign_actions a ON a.campaign_id = c.id WHERE c.id = 5", 2),
            ("SELECT a.id FROM campaigns c JOIN campaign_actions a ON CAST(a.campaign_id AS VARCHAR) = CAST(c.id AS VARCHAR) "
                + "WHERE c.name LIKE 'Campaign 1%'", 1 + named),
            ("SELECT c.id, a.id FROM campaigns c LEFT JOIN campaign_actions a ON a.campaign_id = c.id WHERE c.state = 'running'", 1 + running),
            ("SELECT id FROM campaign_actions WHERE campaign_id IN (SELECT id FROM campaigns WHERE name LIKE 'Campaign 1%')", 1 + named),
            ("SELECT id FROM campaign_actions a WHERE EXISTS (SELECT 1 FROM campaigns c "
                + "WHERE c.id = a.campaign_id AND c.state = 'running')", 1 + running),
            ("SELECT c.id, (SELECT count(*) FROM campaign_actions a WHERE a.campaign_id = c.id) FROM campaigns c WHERE c.id = 4", 2),
            ("SELECT c.id, l.n FROM campaigns c, LATERAL (SELECT count(*) n FROM campaign_actions a WHERE a.campaign_id = c.id) l "
                + "WHERE c.state = 'running'", 1 + running),
            ("WITH r AS (SELECT id FROM campaigns WHERE state = 'running') "
                + "SELECT a.id FROM campaign_actions a JOIN r ON r.id = a.campaign_id", 1 + running),
            ("WITH r AS MATERIALIZED (SELECT id FROM campaigns WHERE state = 'running') "
                + "SELECT a.id FROM campaign_actions a JOIN r ON r.id = a.campaign_id "
                + "UNION ALL SELECT id FROM r", 1 + running),
            ("SELECT id FROM campaign_actions WHERE campaign_id = 1 UNION ALL SELECT id FROM campaign_actions WHERE campaign_id = 2", 2),
            ("SELECT campaign_id FROM campaign_actions INTERSECT SELECT id FROM campaigns WHERE state = 'running'", 1 + running),
            ("SELECT c.email FROM segments s JOIN segment_memberships m ON m.segment_id = s.id JOIN customers c ON c.cio_id = m.cio_id "
                + "WHERE s.name = 'Hand-picked'", 4),
            ("SELECT id FROM campaigns WHERE 1 = 0", 0),
            ("SELECT id, rank() OVER (ORDER BY created, id) FROM campaign_actions WHERE campaign_id = 5", 1),
            ("SELECT id FROM campaign_actions WHERE campaign_id = 5 QUALIFY row_number() OVER (PARTITION BY type ORDER BY id) = 1", 1),
            ("SELECT DISTINCT ON (type) type, id FROM campaign_actions WHERE campaign_id = 5 ORDER BY type, id", 1),
            ("SELECT type, campaign_id, count(*) FROM campaign_actions WHERE campaign_id IN (5, 7) GROUP BY ROLLUP (type, campaign_id)", 2),
            ("PIVOT (SELECT type, campaign_id FROM campaign_actions WHERE campaign_id = 5) ON type IN ('email', 'push') USING count(*)", 1),
            ("SELECT type, count(*) FROM messages WHERE created >= '2026-06-01' AND created < '2026-07-01' AND type = 'email' GROUP BY 1", 1),
            ("SELECT count(*) FROM customers", 1),
            ("SELECT id FROM customers WHERE email = 'person18@example.com'", 1),
            ("SELECT cio_id, attributes->>'plan' FROM customers WHERE email = 'person18@example.com'", 2),
            ("SELECT name FROM customer_segments WHERE customer_id = 'd9c100000002'", 1),
            ("SELECT sent FROM campaign_action_metrics_weeks WHERE campaign_id = 5 AND action_id = 0", 2),
            ("SELECT id FROM campaign_actions WHERE campaign_id = 4711", 1),
            ("SELECT id FROM campaign_actions WHERE coalesce(campaign_id, 0) = 5", 1),
            ("SELECT id FROM campaign_actions WHERE campaign_id = (SELECT max(id) FROM campaigns WHERE state = 'running')", 2),
            ("SELECT id FROM campaign_actions WHERE campaign_id = (SELECT id FROM campaigns WHERE name = 'Campaign 4')", 2),
            ("SELECT id FROM activities WHERE cio_id = 'd9c100000002'", 1),
            ("SELECT a.id FROM customers c JOIN activities a ON a.cio_id = c.cio_id WHERE c.email = 'person18@example.com'", 2),
            ("SELECT id, city FROM customers WHERE plan = 'pro'", 3),
            ("SELECT id, attributes->>'city' FROM customers WHERE attributes->>'plan' = 'pro'", 2),
            ("SELECT cio_id, attributes->>'city' FROM customers WHERE (attributes->>'phone') IS NULL AND (attributes->>'city') = 'Zürich'", 2),
            ("SELECT cio_id, attributes->>'city' FROM customers WHERE email = 'person18@example.com' OR id = 'user-30'", 2),
            ("SELECT segment_id, count(*) FROM segment_memberships GROUP BY 1", 1 + segments),
            ("SELECT count(*) FROM segment_memberships WHERE segment_id = 1", 1),
        ];
        var tooMany = new List<string>();
        foreach (var (sql, most) in golden)
        {
            var report = await _bench.CheckAsync(sql);
            if (report.Requests > most)
            {
                tooMany.Add($"{sql}\ntook {report.Requests} requests instead of {most}\n{SqlBench.Steps(report)}");
            }
        }

        Assert.True(tooMany.Count == 0, string.Join("\n\n", tooMany));
    }

    [Fact]
    public async Task A_limit_stops_where_the_order_is_the_one_of_the_list()
    {
        Assert.Equal(1, (await _bench.AskAsync("SELECT id FROM activities ORDER BY timestamp DESC LIMIT 10")).Report.Requests);
        Assert.Equal(1, (await _bench.AskAsync("SELECT id FROM activities LIMIT 10")).Report.Requests);
        Assert.Equal(1, (await _bench.AskAsync("SELECT id FROM messages LIMIT 10")).Report.Requests);
        var (rows, _) = await _bench.AskAsync("SELECT timestamp FROM activities ORDER BY timestamp DESC LIMIT 10");
        Assert.Equal(_bench.Expected("SELECT timestamp FROM activities ORDER BY timestamp DESC LIMIT 10"), rows);
        Assert.True((await _bench.CheckAsync("SELECT id FROM activities WHERE type = 'event' ORDER BY timestamp DESC, id LIMIT 10")).Requests >= 1);
    }

    [Theory]
    [InlineData("(id IS DISTINCT FROM 'user-35' OR id = 'nobody') AND id IS NULL")]
    [InlineData("(id IS DISTINCT FROM 'user-35' OR (NOT cio_id = 'x' AND NOT id = 'nobody')) AND id IS NULL")]
    [InlineData("(NOT (id IS NOT DISTINCT FROM 'user-35') OR id > 'nobody') AND id IS NULL")]
    public async Task Rows_of_which_a_column_has_no_value_at_all_are_found(string condition)
    {
        var sql = $"SELECT cio_id, attributes->>'plan' FROM customers WHERE {condition}";

        Assert.NotEmpty(_bench.Expected(sql));
        Assert.Equal(2, (await _bench.CheckAsync(sql)).Requests);
    }
}
