using Sluice.Engine.Runs;
using Xunit;
using static Sluice.Tests.Runs.MetricsBench;

namespace Sluice.Tests.Runs;

/// <summary>Metrics in the form in which the API gives them since September 2026, and in the one before.</summary>
public sealed class MetricsFormTests
{
    [Theory]
    [InlineData("2026-09", "start \\\"")]
    [InlineData("2026-08", "45 values")]
    public async Task An_answer_that_is_of_other_days_than_were_asked_for_fails_its_table_and_loads_nothing(string form, string told)
    {
        await using var bench = await IngestHarness.StartAsync(Small with { ApiForm = form, MetricsDays = 44 });
        var report = await bench.IngestAsync("campaign_metrics:days", "campaigns");
        Assert.Equal(TableOutcome.Failed, report.Tables[0].Outcome);
        Assert.Equal(TableOutcome.Done, report.Tables[1].Outcome);
        Assert.Contains("was asked for", report.Tables[0].Error, StringComparison.Ordinal);
        Assert.Contains(told.Replace("\\", "", StringComparison.Ordinal), report.Tables[0].Error, StringComparison.Ordinal);
        Assert.Equal(0L, bench.Scalar("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'campaign_metrics_days' AND estimated_size > 0"));
        var fewer = await bench.IngestAsync(bench.Request(IngestHarness.JobWith("campaign_metrics:days", "steps=45")));
        Assert.Equal(0, fewer.ExitCode);
    }

    [Theory]
    [InlineData("2026-09")]
    [InlineData("2026-08")]
    public async Task Clicks_of_machines_have_one_column_whatever_customer_io_calls_them(string form)
    {
        await using var bench = await IngestHarness.StartAsync(Small with { ApiForm = form });
        await IngestAsync(bench, "campaign_metrics:months", "newsletter_metrics:months", "transactional_metrics:months");
        foreach (var parent in (string[])["campaign", "newsletter", "transactional"])
        {
            var clicks = Number(bench.Scalar($"SELECT sum(machine_clicked)::BIGINT FROM customerio.{parent}_metrics_months"));
            Assert.True(clicks > 0);
            Assert.Equal(Total(bench, "prefetch_clicked", parent), clicks);
            Assert.Equal(0L, bench.Scalar(
                $"SELECT count(*) FROM duckdb_columns() WHERE column_name = 'prefetch_clicked' AND table_name = '{parent}_metrics_months'"));
        }

        string[] recent = ["replied", "link_untracked", "open_untracked", "untracked", "tracking_consent_denied", "tracking_consent_granted"];
        foreach (var column in (string[])[.. recent, "2xx"])
        {
            var count = bench.Scalar($"SELECT sum(\"{column}\")::BIGINT FROM customerio.campaign_metrics_months");
            Assert.True((form == "2026-09") == recent.Contains(column) ? Number(count) > 0 : count is null, $"{column}: {count}");
        }
    }

    [Theory]
    [InlineData("campaign_action_language_metrics:days")]
    [InlineData("broadcast_action_language_metrics:days")]
    public async Task Numbers_by_language_are_those_of_the_world(string table)
    {
        await using var bench = await IngestHarness.StartAsync(Small with { Messages = 12_000 });
        await IngestAsync(bench, table);
        var job = IngestHarness.Job(table);
        Assert.True(Number(bench.Scalar($"SELECT sum(sent)::BIGINT FROM customerio.{job.Table} WHERE NOT is_default")) > 0);
        MetricsTruth.AssertEqual(bench, job);
    }

    [Fact]
    public async Task Numbers_by_language_cost_no_request_beside_those_of_the_actions()
    {
        await using var bench = await IngestHarness.StartAsync(Small);
        var alone = await IngestAsync(bench, "campaign_action_metrics:days");
        var both = await IngestAsync(bench, "campaign_action_language_metrics:days", "campaign_action_metrics:days");
        Assert.Equal(alone.Requests, both.Requests);
        const string languages = "customerio.campaign_action_language_metrics_days";
        Assert.Equal(
            ["de", "fr"],
            bench.Query($"SELECT DISTINCT language FROM {languages} WHERE NOT is_default ORDER BY 1").Select(row => (string)row[0]!));
        Assert.Equal(
            0L,
            bench.Scalar(
                $"SELECT count(*) FROM {languages} WHERE is_default <> (variant_action_id = action_id) OR is_default <> (language = '')"));

        // The default variant is the action itself here: every step of it stands in both tables.
        Assert.Equal(
            0L,
            bench.Scalar(
                $"SELECT count(*) FROM {languages} l ANTI JOIN customerio.campaign_action_metrics_days m ON l.action_id = m.action_id " +
                    "AND l.period_start = m.period_start AND l.sent = m.sent WHERE l.is_default"));
        Assert.Equal(
            0L,
            bench.Scalar(
                "SELECT count(*) FROM (SELECT action_id, period_start FROM customerio.campaign_action_metrics_days " +
                    "GROUP BY ALL HAVING count(*) > 1)"));
        Assert.All(both.Tables, table => Assert.Empty(table.SchemaChanges));
        Assert.Contains("they count single languages", Assert.Single(both.Tables[1].Notes), StringComparison.Ordinal);
        var again = await IngestAsync(bench, "campaign_action_language_metrics:days");
        Assert.Equal(alone.Tables[0].Requests, again.Tables[0].Requests);
    }
}
