using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Simulator;
using Xunit;
using static Sluice.Tests.Runs.MetricsBench;

namespace Sluice.Tests.Runs;

/// <summary>Metrics of campaigns and their actions from the day on which they were created.</summary>
public sealed class MetricsHistoryTests
{
    private static readonly SimulatorOptions FourYears = new()
    {
        Customers = 200,
        Messages = 4000,
        MessageDays = 1461,
        Campaigns = 25,
        RequestsPerSecond = 0,
        FreezeClock = true,
    };

    [Fact]
    public async Task Twenty_five_campaigns_of_four_years_have_every_day_for_a_request_each_as_the_plan_says()
    {
        await using var bench = await IngestHarness.StartAsync(FourYears);
        var request = bench.Request(IngestHarness.Jobs("campaign_metrics:days"));
        var plan = await PlanAsync(bench, request);
        var report = await IngestAsync(bench, request);
        Assert.Equal(25, report.Tables[0].Requests);
        Assert.True(report.Requests <= 90, $"{report.Requests} requests");
        Assert.Equal((plan.Requests, 25L), (report.Requests, plan.Tables[0].Requests));
        Assert.Contains("up to ten years", plan.Tables[0].How, StringComparison.Ordinal);
        AssertEveryDay(bench);
        Assert.True((long)bench.Scalar($"SELECT count(*) FROM {Table} WHERE campaign_id = 1")! > 1460);
    }

    [Fact]
    public async Task The_next_run_takes_at_most_a_request_a_campaign_and_finds_what_came_late()
    {
        await using var bench = await IngestHarness.StartAsync(FourYears);
        await IngestAsync(bench, "campaign_metrics:days");
        await bench.AdvanceAsync("5d");
        await bench.ChangeAsync("""{"op":"add-messages","count":40}""");
        var request = bench.Request(IngestHarness.Jobs("campaign_metrics:days"));
        var plan = await PlanAsync(bench, request, withDestination: true);
        var report = await IngestAsync(bench, request);
        Assert.Equal(25, report.Tables[0].Requests);
        Assert.Equal(plan.Requests, report.Requests);
        Assert.Equal("merge", report.Tables[0].Strategy);
        Assert.True(report.Tables[0].Fetched <= 25 * 187, $"{report.Tables[0].Fetched} steps were read again.");
        AssertEveryDay(bench);
    }

    [Fact]
    public async Task A_look_back_that_was_set_is_as_long_as_it_says()
    {
        await using var bench = await IngestHarness.StartAsync(Small);
        await IngestAsync(bench, "campaign_metrics:days");
        var report = await IngestAsync(
            bench,
            bench.Request(IngestHarness.Jobs("campaign_metrics:days")).WithSettings(settings => settings with { LookBack = TimeSpan.FromDays(3) }));
        Assert.InRange(report.Tables[0].Fetched, 4L * Small.Campaigns, 5L * Small.Campaigns);
        AssertEveryDay(bench);
    }

    [Fact]
    public async Task A_campaign_older_than_ten_years_takes_two_requests_and_has_every_day()
    {
        await using var bench = await IngestHarness.StartAsync(Small with { MessageDays = 4000, Campaigns = 3 });
        var report = await IngestAsync(bench, "campaign_metrics:days");
        Assert.Equal(4, report.Tables[0].Requests);
        AssertEveryDay(bench);
    }

    [Fact]
    public async Task A_run_that_failed_in_the_middle_goes_on_and_has_every_day()
    {
        await using var bench = await IngestHarness.StartAsync(FourYears with { Messages = 500 });
        await bench.FaultsAsync("400@1/v1/campaigns/25/metrics");
        var failed = await bench.IngestAsync("campaign_metrics:days");
        Assert.Equal(TableOutcome.Failed, failed.Tables[0].Outcome);
        await bench.FaultsAsync();
        var report = await IngestAsync(bench, "campaign_metrics:days");
        Assert.True(report.Tables[0].Requests < 25, $"{report.Tables[0].Requests} requests");
        AssertEveryDay(bench);
        Assert.Equal(25, (await IngestAsync(bench, "campaign_metrics:days")).Tables[0].Requests);
    }

    [Fact]
    public async Task A_campaign_that_was_added_is_read_from_its_beginning_and_one_that_is_gone_keeps_its_days()
    {
        await using var bench = await IngestHarness.StartAsync(Small);
        await IngestAsync(bench, "campaign_metrics:days");
        bench.Execute("UPDATE customerio._sluice_state SET parents = json_merge_patch(parents, '{\"5\":null}')");
        bench.Execute($"DELETE FROM {Table} WHERE campaign_id = 5");
        await IngestAsync(bench, "campaign_metrics:days");
        AssertEveryDay(bench);
        var days = bench.Scalar($"SELECT count(*) FROM {Table} WHERE campaign_id = 3");
        await bench.ChangeAsync("""{"op":"delete-campaign","id":3}""");
        await IngestAsync(bench, "campaign_metrics:days");
        Assert.Equal(days, bench.Scalar($"SELECT count(*) FROM {Table} WHERE campaign_id = 3"));
    }

    [Fact]
    public async Task Hours_go_back_as_far_with_a_request_for_each_year()
    {
        await using var bench = await IngestHarness.StartAsync(Small with { Campaigns = 2 });
        var request = bench.Request(IngestHarness.Jobs("campaign_metrics:hours"));
        var plan = await PlanAsync(bench, request);
        var report = await IngestAsync(bench, request);
        Assert.Equal((4, plan.Requests), (report.Tables[0].Requests, report.Requests));
        Assert.Equal(
            0L,
            bench.Scalar(
                "SELECT count(*) FROM (SELECT step_index - lag(step_index) OVER w AS steps, period_start - lag(period_end) OVER w AS gap " +
                    "FROM customerio.campaign_metrics_hours WINDOW w AS (PARTITION BY campaign_id ORDER BY period_start)) " +
                    "WHERE steps <> 1 OR gap <> INTERVAL 0 HOURS"));
        Assert.Equal(
            Total(bench, "sent", "campaign"),
            Number(bench.Scalar("SELECT sum(sent)::BIGINT FROM customerio.campaign_metrics_hours")));
    }

    [Fact]
    public async Task What_an_older_version_has_loaded_is_replaced_by_the_history()
    {
        await using var bench = await IngestHarness.StartAsync(Small);
        await LoadAsBeforeAsync(bench);
        var plan = await PlanAsync(bench, bench.Request(IngestHarness.Jobs("campaign_metrics:days")), withDestination: true);
        var report = await IngestAsync(bench, "campaign_metrics:days");
        Assert.Equal(("replace", "replace"), (plan.Tables[0].Strategy, report.Tables[0].Strategy));
        AssertEveryDay(bench);
        Assert.Equal("merge", (await IngestAsync(bench, "campaign_metrics:days")).Tables[0].Strategy);
    }

    [Fact]
    public async Task An_archive_of_an_older_version_keeps_its_rows_and_gets_the_history()
    {
        await using var bench = await IngestHarness.StartAsync(Small);
        await LoadAsBeforeAsync(bench);
        bench.Execute($"UPDATE {Table} SET campaign_id = 999 WHERE campaign_id = 1");
        bench.Execute($"ALTER TABLE {Table} DROP step_index");
        await IngestAsync(bench, Read(bench, words => words.Say("--archive", "true")));
        Assert.Equal(45L, bench.Scalar($"SELECT count(*) FROM {Table} WHERE campaign_id = 999"));
        Assert.Equal(Total(bench, "sent", "campaign"), Number(bench.Scalar($"SELECT sum(sent)::BIGINT FROM {Table} WHERE campaign_id <> 999")));
    }

    [Fact]
    public async Task An_interval_reads_its_days_and_leaves_the_others()
    {
        await using var bench = await IngestHarness.StartAsync(Small);
        await IngestAsync(bench, "campaign_metrics:days");
        var state = bench.Scalar("SELECT parents FROM customerio._sluice_state");
        bench.Execute($"UPDATE {Table} SET sent = 7777");
        var to = Number(bench.Scalar($"SELECT epoch(max(period_start))::BIGINT FROM {Table}")) - (30 * 86_400);
        var interval = new Interval(DateTimeOffset.FromUnixTimeSeconds(to - (9 * 86_400)), DateTimeOffset.FromUnixTimeSeconds(to));
        await IngestAsync(
            bench,
            bench.Request(IngestHarness.Jobs("campaign_metrics:days")).WithSettings(settings => settings with { Interval = interval }));
        Assert.Equal(10L, bench.Scalar($"SELECT count(DISTINCT period_start) FROM {Table} WHERE sent <> 7777"));
        Assert.Equal(state, bench.Scalar("SELECT parents FROM customerio._sluice_state"));
    }

    // Rows as they were kept before: the last 45 days, known by their place, and a state without marks.
    private static async Task LoadAsBeforeAsync(IngestHarness bench)
    {
        var job = IngestHarness.JobWith("campaign_metrics:days", "steps=45") with { Strategy = Strategy.Replace };
        await IngestAsync(bench, bench.Request(job));
        bench.Execute($"UPDATE {Table} SET step_index = 7, sent = 7777");
        bench.Execute("UPDATE customerio._sluice_state SET source = 'campaign_metrics:days', parents = '{}'");
    }
}
