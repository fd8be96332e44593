using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Settings;
using Sluice.Simulator;
using Xunit;

namespace Sluice.Tests.Runs;

/// <summary>What is kept of whole readings, where the API has no history.</summary>
public sealed class ObservationTests
{
    private static readonly SimulatorOptions World = new() { Customers = 30, RequestsPerSecond = 0, FreezeClock = true };

    [Fact]
    public async Task Each_reading_appends_states_and_sizes_and_costs_no_request()
    {
        const string tables = "campaigns,segment_memberships,customer_subscription_preferences";
        await using var without = await IngestHarness.StartAsync(World);
        var plain = await IngestAsync(without, tables, "--no-observations", "true");
        await using var bench = await IngestHarness.StartAsync(World);
        var report = await IngestAsync(bench, tables);
        Assert.Equal(plain.Requests, report.Requests);
        Assert.Equal(3, report.Tables.Count);
        Assert.Equal(
            0L, without.Scalar("SELECT count(*) FROM duckdb_tables() WHERE table_name IN ('campaign_states', 'segment_sizes', 'topic_sizes')"));
        AssertSame(
            bench,
            "SELECT campaign_id, name, state, active FROM customerio.campaign_states",
            "SELECT id, name, state, active FROM customerio.campaigns");
        AssertSame(
            bench,
            "SELECT segment_id, people FROM customerio.segment_sizes",
            "SELECT segment_id, count(*) FROM customerio.segment_memberships GROUP BY ALL");
        AssertSame(
            bench,
            "SELECT topic_id, subscribed, unsubscribed FROM customerio.topic_sizes",
            "SELECT topic_id, count(*) FILTER (subscribed), count(*) FILTER (NOT subscribed) " +
                "FROM customerio.customer_subscription_preferences GROUP BY ALL");

        var once = (long)bench.Scalar("SELECT count(*) FROM customerio.campaign_states")!;
        await bench.AdvanceAsync("1d");
        await IngestAsync(bench, "campaigns");
        Assert.Equal(2 * once, bench.Scalar("SELECT count(*) FROM customerio.campaign_states"));
        Assert.Equal(2L, bench.Scalar("SELECT count(DISTINCT observed_at) FROM customerio.campaign_states"));
        await bench.AdvanceAsync("1d");
        await IngestAsync(bench, "campaigns", "--full-refresh", "true");
        Assert.Equal(3 * once, bench.Scalar("SELECT count(*) FROM customerio.campaign_states"));
    }

    [Theory]
    [InlineData("--limit", "2")]
    [InlineData("--interval-start", "2020-01-01")]
    [InlineData("--exclude-columns", "state")]
    public async Task What_is_no_whole_reading_or_lacks_a_column_is_not_observed(string option, string value)
    {
        await using var bench = await IngestHarness.StartAsync(World);
        await IngestAsync(bench, "campaigns", option, value);
        Assert.Equal(0L, bench.Scalar("SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE '%campaign_states'"));
    }

    [Fact]
    public async Task Renamed_columns_prefixes_and_other_names_are_followed()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        await IngestAsync(bench, "campaigns", "--table-prefix", "cio_", "--rename", "id=campaign,state=phase");
        AssertSame(bench, "SELECT campaign_id, state FROM customerio.cio_campaign_states", "SELECT campaign, phase FROM customerio.cio_campaigns");
        await IngestAsync(bench, "campaigns", "--dest-table", "flows");
        Assert.NotEqual(0L, bench.Scalar("SELECT count(*) FROM customerio.flows_campaign_states"));
    }

    private static void AssertSame(IngestHarness bench, string one, string other)
    {
        Assert.NotEqual(0L, bench.Scalar($"SELECT count(*) FROM ({one})"));
        Assert.Equal(0L, bench.Scalar($"SELECT count(*) FROM (({one} EXCEPT ALL {other}) UNION ALL ({other} EXCEPT ALL {one}))"));
    }

    private static async Task<RunReport> IngestAsync(IngestHarness bench, string tables, params string[] options)
    {
        var (words, mistakes) = (new SettingWords().Say("--source-table", tables), new ValidationErrors());
        foreach (var option in options.Chunk(2))
        {
            words = words.Say(option[0], option[1]);
        }

        var request = IngestRequestReader.Read(words, "test", mistakes) with { WorkFolder = bench.WorkFolder };
        mistakes.ThrowIfAny();
        var report = await bench.IngestAsync(request);
        Assert.Equal(ExitCode.Done, report.ExitCode);
        return report;
    }
}
