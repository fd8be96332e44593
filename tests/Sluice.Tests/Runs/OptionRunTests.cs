using System.Globalization;
using System.Text.Json;
using Sluice.Engine.Runs;
using Sluice.Simulator;
using Xunit;

namespace Sluice.Tests.Runs;

public sealed class OptionRunTests : IAsyncLifetime
{
    private IngestHarness _bench = null!;

    public async ValueTask InitializeAsync() =>
        _bench = await IngestHarness.StartAsync(new SimulatorOptions { Customers = 300, RequestsPerSecond = 0, FreezeClock = true });

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Deliveries_of_several_channels_are_asked_for_one_channel_after_the_other()
    {
        var job = await IngestAsync("messages", "type=email,push");
        Truth.AssertEqual(_bench, job, Expected("messages", row => row.GetProperty("type").GetString() is "email" or "push"));
    }

    [Fact]
    public async Task A_channel_of_older_accounts_is_asked_for_too()
    {
        await IngestAsync("messages", "type=urban_airship");
        Assert.Equal(0L, _bench.Scalar("SELECT count(*) FROM customerio.messages"));
    }

    [Theory]
    [InlineData("metric=clicked")]
    [InlineData("metric=bounced")]
    public async Task Deliveries_are_asked_for_by_what_happened_to_them(string option)
    {
        var metric = option.Split('=')[1];
        var job = await IngestAsync("messages", option);
        Truth.AssertEqual(_bench, job, Expected("messages", row => row.GetProperty("metrics").TryGetProperty(metric, out _)));
    }

    [Fact]
    public async Task Drafts_are_read_by_themselves()
    {
        var job = await IngestAsync("customer_messages", "drafts=true");
        Truth.AssertEqual(_bench, job, Expected("message_drafts", _ => true));
    }

    [Fact]
    public async Task Deliveries_of_one_campaign_and_action_are_asked_for_alone()
    {
        var job = await IngestAsync("messages", "campaign_id=1", "action_id=103");
        Truth.AssertEqual(_bench, job, Expected("messages", row => Is(row, "campaign_id", 1) && Is(row, "action_id", 103)));
    }

    [Fact]
    public async Task Activities_are_asked_for_by_types_and_names()
    {
        var job = await IngestAsync("activities", "type=event,_o:1:create");
        Truth.AssertEqual(_bench, job, Expected("activities", row => row.GetProperty("type").GetString() is "event" or "_o:1:create"));
        var named = await IngestAsync("customer_activities", "type=event", "name=a+b");
        Truth.AssertEqual(
            _bench,
            named,
            Expected(
                "activities",
                row => IsText(row, "type", "event") && IsText(row, "name", "a+b") && row.TryGetProperty("customer_identifiers", out _)));
    }

    [Fact]
    public async Task Activities_of_deleted_people_are_read_instead_of_the_others()
    {
        var job = await IngestAsync("activities", "deleted=true");
        Truth.AssertEqual(_bench, job, Expected("activities_of_deleted", _ => true));
    }

    [Fact]
    public async Task A_filter_of_people_holds_for_the_tables_that_hang_on_them()
    {
        const string Filter = """filter={"and":[{"segment":{"id":2}},{"segment":{"id":3}}]}""";
        var members = _bench
            .Simulator.World.Rows("segment_memberships")
            .ToLookup(row => row.GetProperty("segment_id").GetInt32(), row => row.GetProperty("cio_id").GetString()!);
        var wanted = members[2].Intersect(members[3]).ToHashSet();
        Assert.NotEmpty(wanted);
        var people = await IngestAsync("customers", Filter);
        Truth.AssertEqual(_bench, people, Expected("customers", row => wanted.Contains(row.GetProperty("cio_id").GetString()!)));
        var attributes = await IngestAsync("customer_attributes", Filter);
        Truth.AssertEqual(
            _bench,
            attributes,
            Expected("customer_attributes", row => wanted.Contains(row.GetProperty("identifiers").GetProperty("cio_id").GetString()!)));
        var segments = await IngestAsync("customer_segments", Filter);
        Truth.AssertEqual(_bench, segments, Expected("customer_segments", row => wanted.Contains(row.GetProperty("cio_id").GetString()!)));
    }

    [Fact]
    public async Task Deliveries_of_newsletters_and_transactional_messages_are_asked_for_by_metric_and_state()
    {
        var letters = await IngestAsync("newsletter_messages", "metric=opened");
        Truth.AssertEqual(_bench, letters, Expected("newsletter_messages", row => row.GetProperty("metrics").TryGetProperty("opened", out _)));
        await IngestAsync("transactional_deliveries", "state=drafted");
        var drafts = Expected("message_drafts", row => row.TryGetProperty("transactional_id", out _))
            .Select(row => row.GetProperty("id").GetString())
            .Order(StringComparer.Ordinal);
        Assert.Equal(
            drafts, _bench.Query("SELECT id FROM customerio.transactional_deliveries").Select(row => (string?)row[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Metrics_of_one_channel_say_so_and_steps_are_as_many_as_wanted()
    {
        await IngestAsync("campaign_metrics:days", "metric_type=push", "steps=7");
        Assert.Equal(["push"], _bench.Query("SELECT DISTINCT type FROM customerio.campaign_metrics_days").Select(row => (string?)row[0]));
        Assert.Equal(7L * _bench.Options.Campaigns, _bench.Scalar("SELECT count(*) FROM customerio.campaign_metrics_days"));
        var (from, until) = Range("campaign_metrics_days");
        var sent = Expected("messages", row => IsText(row, "type", "push") && row.GetProperty("campaign_id").ValueKind == JsonValueKind.Number)
            .Select(row => row.GetProperty("metrics"))
            .Count(metrics => metrics.TryGetProperty("sent", out var at) && at.GetInt64() >= from && at.GetInt64() < until);
        Assert.Equal(sent, Number(_bench.Scalar("SELECT sum(sent)::BIGINT FROM customerio.campaign_metrics_days")));
        await IngestAsync("newsletter_content_metrics:weeks", "steps=3");
        Assert.Equal(3L, _bench.Scalar("SELECT count(DISTINCT period_start) FROM customerio.newsletter_content_metrics_weeks"));
    }

    [Theory]
    [InlineData("campaign_link_metrics:months", "unique_links=true")]
    [InlineData("broadcast_link_metrics:months", "unique_links=false")]
    [InlineData("newsletter_link_metrics:months", "steps=100")]
    [InlineData("transactional_link_metrics:weeks", "steps=12")]
    [InlineData("newsletter_content_link_metrics:months", "steps=121")]
    [InlineData("campaign_action_link_metrics:months", "steps=121")]
    public async Task Clicks_of_links_are_counted_by_period(string table, string option)
    {
        var job = await IngestAsync(table, option);
        Assert.True(LinkTruth.AssertEqual(_bench, job) > 0, $"{table}: nothing was clicked, so nothing was compared.");
    }

    [Fact]
    public async Task Links_of_actions_are_counted_by_channel()
    {
        await IngestAsync("broadcast_action_link_metrics:months", "metric_type=webhook");
        Assert.Equal(0L, _bench.Scalar("SELECT count(*) FROM customerio.broadcast_action_link_metrics_months"));
        await IngestAsync("broadcast_action_link_metrics:months", "metric_type=email");
        var parts = _bench
            .Simulator.World.Rows("broadcast_actions")
            .Where(row => IsText(row, "type", "email"))
            .Select(row => row.GetProperty("id").GetInt64())
            .ToHashSet();
        Assert.All(
            _bench.Query("SELECT DISTINCT action_id FROM customerio.broadcast_action_link_metrics_months"),
            row => Assert.Contains(Number(row[0]), parts));
    }

    [Fact]
    public async Task Suppressions_are_read_by_list_and_domain_and_rows_tell_both()
    {
        var bounces = await IngestAsync("esp_suppressions", "type=bounces,blocks");
        Truth.AssertEqual(
            _bench, bounces, Expected("esp_suppressions", row => row.GetProperty("suppression_type").GetString() is "bounces" or "blocks"));
        await IngestAsync("esp_suppressions", "type=spam_reports", "domain=mail.example.com,other.example.com");
        Assert.Equal(
            [("spam_reports", "mail.example.com")],
            _bench
                .Query("SELECT DISTINCT suppression_type, domain FROM customerio.esp_suppressions")
                .Select(row => ((string)row[0]!, (string)row[1]!)));
    }

    [Fact]
    public async Task Opt_outs_of_one_sender_are_read_alone()
    {
        await IngestAsync("optouts", "from=+15551234567");
        Assert.True(Number(_bench.Scalar("SELECT count(*) FROM customerio.optouts")) > 0);
        Assert.Equal(0L, _bench.Scalar("SELECT count(*) FROM customerio.optouts WHERE \"from\" <> '+15551234567'"));
        await IngestAsync(IngestHarness.JobWith("optouts", "from=nobody"), allowPartial: true);
        Assert.Equal(0L, _bench.Scalar("SELECT count(*) FROM customerio.optouts"));
    }

    private (long From, long Until) Range(string table)
    {
        var row = _bench.Query($"SELECT epoch(min(period_start))::BIGINT, epoch(max(period_end))::BIGINT FROM customerio.{table}")[0];
        return (Number(row[0]), Number(row[1]));
    }

    private List<JsonElement> Expected(string table, Func<JsonElement, bool> isWanted)
    {
        var rows = _bench.Simulator.World.Rows(table).Where(isWanted).ToList();
        Assert.NotEmpty(rows);
        return rows;
    }

    private Task<TableJob> IngestAsync(string table, params string[] options) => IngestAsync(IngestHarness.JobWith(table, options));

    private async Task<TableJob> IngestAsync(TableJob job, bool allowPartial = false)
    {
        // Another question is another table's: the rows of the last one would be taken for deleted, or left.
        var report = await _bench.IngestAsync(
            _bench.Request(job).WithSettings(settings => settings with { FullRefresh = true }) with
            {
                AllowPartial = allowPartial,
            });
        var table = Assert.Single(report.Tables);
        Assert.True(allowPartial || table.Outcome == TableOutcome.Done, $"{table.Error} {string.Join("; ", table.Gaps)}");
        return job;
    }

    private static bool Is(JsonElement row, string name, long value) =>
        row.GetProperty(name) is { ValueKind: JsonValueKind.Number } number && number.GetInt64() == value;

    private static bool IsText(JsonElement row, string name, string value) =>
        row.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String && text.GetString() == value;

    private static long Number(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
