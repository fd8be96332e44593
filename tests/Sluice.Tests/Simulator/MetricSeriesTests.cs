using System.Text.Json;
using Xunit;

namespace Sluice.Tests.Simulator;

/// <summary>Series are counted from the deliveries, between boundaries that these tests work out for themselves.</summary>
public sealed class MetricSeriesTests : IAsyncLifetime
{
    private static readonly string[] Metrics = ["created", "sent", "delivered", "opened", "human_opened", "clicked", "bounced", "drafted"];
    private SimulatorHarness _simulator = null!;

    public async ValueTask InitializeAsync()
        => _simulator = await SimulatorHarness.StartAsync(SimulatorHarness.Small with { Messages = 4000 });

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Fact]
    public async Task Days_start_at_midnight_five_hours_behind_utc()
    {
        var today = new DateTimeOffset(2026, 3, 15, 0, 0, 0, TimeSpan.FromHours(-5));
        await Assert_series(
            "/v1/newsletters/28/metrics?period=days&steps=45",
            "newsletter",
            28,
            null,
            [.. Enumerable.Range(-44, 46).Select(day => today.AddDays(day))]);
    }

    [Fact]
    public async Task Weeks_start_on_sunday()
    {
        var sunday = new DateTimeOffset(2026, 3, 15, 0, 0, 0, TimeSpan.FromHours(-5));
        Assert.Equal(DayOfWeek.Sunday, sunday.DayOfWeek);
        await Assert_series(
            "/v1/transactional/1/metrics?period=weeks",
            "transactional",
            1,
            null,
            [.. Enumerable.Range(-11, 13).Select(week => sunday.AddDays(7 * week))]);
    }

    [Fact]
    public async Task Months_of_version_one_default_to_twelve()
    {
        var month = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.FromHours(-5));
        await Assert_series(
            "/v1/campaigns/1/metrics?version=1&period=months", "campaign", 1, null, [.. Enumerable.Range(-11, 13).Select(month.AddMonths)]);
    }

    [Fact]
    public async Task An_actions_series_counts_only_its_own_deliveries()
    {
        var month = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.FromHours(-5));
        await Assert_series(
            "/v1/campaigns/1/actions/101/metrics?version=1&period=months&steps=0",
            "campaign",
            1,
            101,
            [.. Enumerable.Range(-119, 121).Select(month.AddMonths)]);
    }

    [Fact]
    public async Task Version_two_runs_from_the_floor_of_the_start_to_the_end_in_the_zone_asked_for()
    {
        // New York changes to summer time on 8 March 2026: the days around it start at 05:00 and then at 04:00 UTC.
        DateTimeOffset[] days = [.. Enumerable.Range(6, 5).Select(day => new DateTimeOffset(2026, 3, day, day <= 8 ? 5 : 4, 0, 0, TimeSpan.Zero))];
        var (start, end) = (days[0].AddHours(7).ToUnixTimeSeconds(), days[3].AddHours(1).ToUnixTimeSeconds());
        var path = $"/v1/campaigns/1/metrics?version=2&res=days&tz=America%2FNew_York&start={start}&end={end}";
        await Assert_series(path, "campaign", 1, null, days);
    }

    [Fact]
    public async Task One_step_gives_two_and_none_gives_the_most()
    {
        Assert.Equal(2, await Steps("/v1/newsletters/1/metrics?period=days&steps=1"));
        Assert.Equal(45, await Steps("/v1/newsletters/1/metrics?period=days&steps=0"));
        Assert.Equal(24, await Steps("/v1/broadcasts/13/metrics?period=hours"));
        Assert.Equal(121, await Steps("/v1/broadcasts/13/metrics?period=months&steps=121"));
        Assert.Equal(12, await Steps("/v1/broadcasts/13/metrics?period=months"));
    }

    [Theory]
    [InlineData("/v1/campaigns/1/metrics")]
    [InlineData("/v1/campaigns/1/metrics?version=3")]
    [InlineData("/v1/campaigns/1/metrics?version=2&res=days")]
    [InlineData("/v1/campaigns/1/metrics?version=2&res=decades&start=1&end=2")]
    [InlineData("/v1/campaigns/1/metrics?version=2&res=days&tz=Mars%2FBase&start=1&end=2")]
    [InlineData("/v1/campaigns/1/metrics?version=1&period=months&steps=121")]
    [InlineData("/v1/newsletters/1/metrics?period=days&steps=46")]
    [InlineData("/v1/campaigns/1/journey_metrics?start=1&end=2")]
    public async Task Periods_that_the_api_does_not_know_are_refused(string path) => Assert.Equal(400, await _simulator.StatusAsync(path));

    [Fact]
    public async Task The_clicks_of_a_newsletters_links_add_up_to_its_clicks()
    {
        var links = await _simulator.GetAsync("/v1/newsletters/1/metrics/links?period=months&steps=121");
        var byLink = links
            .GetProperty("links")
            .EnumerateArray()
            .Sum(link => Sum(link.GetProperty("metric").GetProperty("series").GetProperty("clicked")));
        Assert.True(byLink > 0);
        Assert.Equal(_simulator.World.CountMetric("clicked", "newsletter", 1, null, 0, long.MaxValue), byLink);
    }

    private async Task<int> Steps(string path)
        => (await _simulator.GetAsync(path)).GetProperty("metric").GetProperty("series").GetProperty("sent").GetArrayLength();

    private async Task Assert_series(string path, string parent, int id, int? part, DateTimeOffset[] boundaries)
    {
        var series = (await _simulator.GetAsync(path)).GetProperty("metric").GetProperty("series");
        var total = 0;
        foreach (var metric in Metrics)
        {
            var expected = boundaries.Zip(boundaries.Skip(1)).Select(period => _simulator.World.CountMetric(
                metric, parent, id, part, period.First.ToUnixTimeSeconds(), period.Second.ToUnixTimeSeconds())).ToList();
            var actual = series.GetProperty(metric).EnumerateArray().Select(value => value.GetInt64()).ToList();
            Assert.Equal(expected, actual);
            total += (int)actual.Sum();
        }

        Assert.True(total > 0, $"{path} counted nothing at all");
    }

    private static int Sum(JsonElement values) => values.EnumerateArray().Sum(value => value.GetInt32());
}
