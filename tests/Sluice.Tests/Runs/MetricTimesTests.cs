using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Settings;
using Sluice.Simulator;
using Xunit;

namespace Sluice.Tests.Runs;

/// <summary>The times of deliveries as columns beside metrics.</summary>
public sealed class MetricTimesTests
{
    private static readonly SimulatorOptions World = new() { Customers = 60, RequestsPerSecond = 0, FreezeClock = true };

    private static readonly IReadOnlyList<string> Metrics =
        [.. ResourceCatalog.Default.Find("messages")!.Flatten!.Columns.Select(column => column.Name[..^"_at".Length])];

    [Theory]
    [InlineData("messages")]
    [InlineData("customer_messages")]
    [InlineData("campaign_messages")]
    [InlineData("broadcast_messages")]
    [InlineData("newsletter_messages")]
    [InlineData("transactional_deliveries")]
    public async Task Every_table_of_deliveries_has_the_time_of_each_metric(string table)
    {
        await using var bench = await IngestHarness.StartAsync(World);
        await IngestAsync(bench, table, "metrics");
        Assert.Equal(17, Metrics.Count);
        AssertTimes(bench, table);
        Assert.NotEqual(0L, bench.Scalar($"SELECT count(sent_at) FROM customerio.{table}"));
        Assert.Equal("TIMESTAMP WITH TIME ZONE", bench.Scalar($"SELECT typeof(sent_at) FROM customerio.{table} LIMIT 1"));
    }

    [Fact]
    public async Task Without_the_option_there_are_none_and_single_metrics_can_be_chosen()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        await IngestAsync(bench, "messages");
        Assert.DoesNotContain("opened_at", Columns(bench));
        await IngestAsync(bench, "messages", "opened,clicked");
        Assert.Equal(["clicked_at", "opened_at"], Columns(bench).Where(name => name.EndsWith("_at", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task A_table_that_is_there_is_given_the_columns_and_rows_that_are_read_again_their_times()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        await IngestAsync(bench, "messages");
        var report = await IngestAsync(bench, "messages", "metrics", "--full-refresh");
        AssertTimes(bench, "messages");
        Assert.Equal(0, report.Tables[0].Rejected);
    }

    [Fact]
    public async Task A_run_that_forgets_the_option_keeps_the_columns_right()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        await IngestAsync(bench, "messages", "metrics");
        var before = bench.Scalar("SELECT count(opened_at) FROM customerio.messages");
        await bench.AdvanceAsync("5d");
        await IngestAsync(bench, "messages");
        Assert.NotEqual(before, bench.Scalar("SELECT count(opened_at) FROM customerio.messages"));
        AssertTimes(bench, "messages");
    }

    [Fact]
    public void An_unknown_metric_is_told_with_the_nearest_one()
    {
        var mistakes = new ValidationErrors();
        IngestRequestReader.Read(new SettingWords().Say("--source-table", "messages").Say("--flatten", "openend"), "x", mistakes);
        var error = Assert.Throws<SluiceException>(mistakes.ThrowIfAny);
        Assert.Contains("messages has no metrics called 'openend'", error.Message, StringComparison.Ordinal);
        Assert.Contains("opened", error.Message + error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void The_option_concerns_the_deliveries_among_several_tables()
    {
        var mistakes = new ValidationErrors();
        var request = IngestRequestReader.Read(
            new SettingWords().Say("--source-table", "messages,campaigns,customer_attributes").Say("--flatten", "metrics"), "x", mistakes);
        Assert.False(mistakes.Any);
        Assert.Equal([true, false, false], request.Tables.Select(job => job.Resource.Columns.Any(column => column.Name == "opened_at")));
        Assert.All(request.Tables, job => Assert.Null(job.Flattening));
    }

    [Fact]
    public async Task A_masked_metric_is_masked_in_its_column_too()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        await IngestAsync(bench, "messages", "metrics", "--mask", "metrics.opened:redact");
        Assert.Equal("***", bench.Scalar("SELECT max(opened_at) FROM customerio.messages"));
        Assert.NotEqual(0L, bench.Scalar("SELECT count(*) FROM customerio.messages WHERE clicked_at > TIMESTAMPTZ '2000-01-01'"));
    }

    internal static void AssertTimes(IngestHarness bench, string table)
    {
        foreach (var metric in Metrics)
        {
            var expected = $"make_timestamptz(nullif(CAST((metrics->>'{metric}') AS BIGINT), 0) * 1000000)";
            Assert.Equal(0L, bench.Scalar($"SELECT count(*) FROM customerio.{table} WHERE {metric}_at IS DISTINCT FROM {expected}"));
        }
    }

    private static IReadOnlyList<string> Columns(IngestHarness bench) =>
        [
            .. bench.Query("SELECT column_name FROM information_schema.columns WHERE table_name = 'messages' AND table_schema = 'customerio'")
                .Select(row => (string)row[0]!)
                .Where(name => !name.StartsWith("_sluice_", StringComparison.Ordinal)),
        ];

    private static async Task<RunReport> IngestAsync(IngestHarness bench, string table, string? flatten = null, params string[] more)
    {
        var (words, mistakes) = (new SettingWords().Say("--source-table", table), new ValidationErrors());
        words = flatten is null ? words : words.Say("--flatten", flatten);
        words = more.Length == 0 ? words : words.Say(more[0], more.Length == 1 ? "true" : more[1]);
        var request = IngestRequestReader.Read(words, "test", mistakes) with { WorkFolder = bench.WorkFolder };
        mistakes.ThrowIfAny();
        var report = await bench.IngestAsync(request);
        Assert.Equal(ExitCode.Done, report.ExitCode);
        return report;
    }
}
