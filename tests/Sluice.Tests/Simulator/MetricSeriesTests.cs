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
            [.. Enumerable.Range(-120, 122).Select(month.AddMonths)]);
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
    [InlineData("/v1/campaigns/1/metrics?version=2&res=days")]
    [InlineData("/v1/campaigns/1/metrics?version=2&res=decades&start=1&end=2")]
    [InlineData("/v1/campaigns/1/metrics?version=2&res=days&tz=Mars%2FBase&start=1&end=2")]
    [InlineData("/v1/campaigns/1/metrics?version=1&period=months&steps=122")]
    [InlineData("/v1/campaigns/1/metrics?version=2&res=days&start=1400000000&end=1715700000")]
    [InlineData("/v1/campaigns/1/metrics?version=2&res=days&start=1&end=2&type=urban_airship")]
    [InlineData("/v1/campaigns/1/metrics?type=inbox")]
    [InlineData("/v1/newsletters/1/metrics?type=whatsapp")]
    [InlineData("/v1/campaigns/1/actions/101/metrics/links?unique=maybe")]
    [InlineData("/v1/newsletters/1/metrics?period=days&steps=46")]
    [InlineData("/v1/campaigns/1/journey_metrics?start=1&end=2")]
    public async Task Periods_that_the_api_does_not_know_are_refused(string path) => Assert.Equal(400, await _simulator.StatusAsync(path));

    [Theory]
    [InlineData("/v1/campaigns/1/metrics", 45)]
    [InlineData("/v1/campaigns/1/metrics?version=3&period=hours", 24)]
    [InlineData("/v1/campaigns/1/metrics?version=1&period=months&steps=121", 121)]
    public async Task Any_version_but_the_second_is_the_first(string path, int steps)
    {
        Assert.Equal(steps, await Steps(path));
        Assert.False((await _simulator.GetAsync(path)).TryGetProperty("start", out _));
    }

    [Theory]
    [InlineData("/v1/campaigns/1/metrics")]
    [InlineData("/v1/campaigns/1/metrics?version=3")]
    [InlineData("/v1/campaigns/1/metrics?version=1&period=months&steps=121")]
    public async Task The_form_before_required_the_version_and_had_a_month_less(string path)
    {
        await using var before = await EarlierAsync();
        Assert.Equal(400, await before.StatusAsync(path));
    }

    [Fact]
    public async Task The_two_forms_differ_in_the_names_of_series_and_in_what_a_range_says_of_itself()
    {
        await using var before = await EarlierAsync();
        const string path = "/v1/campaigns/1/actions/105/metrics?version=2&res=days&tz=Asia%2FKolkata&start=1772994600&end=1773081000";
        var (now, then) = (await _simulator.GetAsync(path), await before.GetAsync(path));
        Assert.Equal(
            ["end", "language_variants", "metric", "res", "start"],
            now.EnumerateObject().Select(one => one.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            ("2026-03-09 00:00:00 +0530 +0530", "2026-03-11 00:00:00 +0530 +0530", "days"),
            (now.GetProperty("start").GetString(), now.GetProperty("end").GetString(), now.GetProperty("res").GetString()));
        Assert.Equal(["metric"], then.EnumerateObject().Select(one => one.Name));
        var (fresh, old) = (SeriesOf(now), SeriesOf(then));
        Assert.Equal(
            [
                "link_untracked", "machine_clicked", "open_untracked", "replied", "tracking_consent_denied", "tracking_consent_granted", "untracked",
            ],
            fresh.Except(old).Order(StringComparer.Ordinal));
        Assert.Equal(["2xx", "3xx", "4xx", "5xx", "prefetch_clicked"], old.Except(fresh).Order(StringComparer.Ordinal));
        var journeys = "/v1/campaigns/1/journey_metrics?resolution=daily&start=1772994600&end=1773081000";
        Assert.True((await _simulator.GetAsync(journeys)).GetProperty("journey_metric").TryGetProperty("messaged", out _));
        Assert.False((await before.GetAsync(journeys)).GetProperty("journey_metric").TryGetProperty("messaged", out _));
    }

    [Fact]
    public async Task A_day_on_which_clocks_change_has_23_or_25_hours()
    {
        var spring = new DateTimeOffset(2026, 3, 8, 5, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        var autumn = new DateTimeOffset(2025, 11, 2, 4, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        const string path = "/v1/campaigns/1/metrics?version=2&res=hours&tz=America%2FNew_York";
        Assert.Equal(23, await Steps($"{path}&start={spring}&end={spring + (23 * 3600) - 1}"));
        Assert.Equal(25, await Steps($"{path}&start={autumn}&end={autumn + (25 * 3600) - 1}"));
    }

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

    private static Task<SimulatorHarness> EarlierAsync() =>
        SimulatorHarness.StartAsync(SimulatorHarness.Small with { Messages = 4000, ApiForm = "2026-08" });

    private static List<string> SeriesOf(JsonElement answer) =>
        [.. answer.GetProperty("metric").GetProperty("series").EnumerateObject().Select(one => one.Name)];

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
