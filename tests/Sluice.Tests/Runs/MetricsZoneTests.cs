using Sluice.Engine;
using Xunit;
using static Sluice.Tests.Runs.MetricsBench;

namespace Sluice.Tests.Runs;

/// <summary>The zone in which the days of campaign metrics begin.</summary>
public sealed class MetricsZoneTests
{
    [Fact]
    public async Task Days_are_those_of_the_zone_and_another_zone_replaces_them()
    {
        await using var bench = await IngestHarness.StartAsync(Small);
        await IngestAsync(bench, "campaign_metrics:days");
        var report = await IngestAsync(bench, Read(bench, words => words.Say("--timezone", "Europe/Berlin")));
        Assert.Equal("replace", report.Tables[0].Strategy);
        AssertEveryDay(bench, "Europe/Berlin");
        Assert.Equal([82_800L, 86_400L, 90_000L], Lengths(bench));
        var next = await IngestAsync(bench, Read(bench, words => words.Say("--timezone", "Europe/Berlin")));
        Assert.Equal("merge", next.Tables[0].Strategy);
        Assert.True(next.Tables[0].Fetched < report.Tables[0].Fetched);
        AssertEveryDay(bench, "Europe/Berlin");
        var back = await IngestAsync(bench, Read(bench, words => words.Say("--timezone", "America/Panama")));
        Assert.Equal("replace", back.Tables[0].Strategy);
        AssertEveryDay(bench);
        Assert.Equal("merge", (await IngestAsync(bench, "campaign_metrics:days")).Tables[0].Strategy);
    }

    [Theory]
    [InlineData("--archive", "true")]
    [InlineData("--interval-start", "2026-01-01")]
    [InlineData("--limit", "10")]
    public async Task Days_of_another_zone_are_refused_where_the_table_is_not_replaced(string option, string value)
    {
        await using var bench = await IngestHarness.StartAsync(Small);
        await IngestAsync(bench, Read(bench, words => words.Say("--archive", "true")));
        var wanted = Read(bench, words => words.Say(option, value).Say("--timezone", "Asia/Tokyo"));
        var error = await Assert.ThrowsAsync<SluiceException>(() => bench.IngestAsync(wanted));
        Assert.Equal(SluiceErrorKind.Config, error.Kind);
        Assert.Contains("holds the days of America/Panama (UTC-5), and those of Asia/Tokyo", error.Message, StringComparison.Ordinal);
        Assert.Equal(
            error.Message,
            (await Assert.ThrowsAsync<SluiceException>(() => PlanAsync(bench, wanted, withDestination: true))).Message);
    }

    private static List<long> Lengths(IngestHarness bench) =>
        [.. bench.Query($"SELECT DISTINCT epoch(period_end - period_start)::BIGINT FROM {Table} ORDER BY 1").Select(row => Number(row[0]))];
}
