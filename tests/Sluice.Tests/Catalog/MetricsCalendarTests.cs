using System.Globalization;
using Sluice.Engine.Catalog;
using Xunit;

namespace Sluice.Tests.Catalog;

public sealed class MetricsCalendarTests
{
    [Theory]
    [InlineData(MetricsPeriod.Hours, "2026-11-21T09:59:59Z", "2026-11-21T09:00:00Z")]
    [InlineData(MetricsPeriod.Days, "2026-11-21T04:59:59Z", "2026-11-20T05:00:00Z")]
    [InlineData(MetricsPeriod.Days, "2026-11-21T05:00:00Z", "2026-11-21T05:00:00Z")]
    [InlineData(MetricsPeriod.Days, "2026-11-21T00:00:00+14:00", "2026-11-20T05:00:00Z")]
    [InlineData(MetricsPeriod.Weeks, "2026-11-22T04:59:59Z", "2026-11-15T05:00:00Z")]
    [InlineData(MetricsPeriod.Weeks, "2026-11-22T05:00:00Z", "2026-11-22T05:00:00Z")]
    [InlineData(MetricsPeriod.Weeks, "2027-01-01T12:00:00Z", "2026-12-27T05:00:00Z")]
    [InlineData(MetricsPeriod.Months, "2026-12-01T04:59:59Z", "2026-11-01T05:00:00Z")]
    [InlineData(MetricsPeriod.Months, "2027-01-01T04:59:59Z", "2026-12-01T05:00:00Z")]
    [InlineData(MetricsPeriod.Months, "2027-01-01T05:00:00Z", "2027-01-01T05:00:00Z")]
    [InlineData(MetricsPeriod.Months, "2028-02-29T23:00:00Z", "2028-02-01T05:00:00Z")]
    public void A_step_starts_at_midnight_in_est(MetricsPeriod period, string instant, string start) =>
        Assert.Equal(At(start), MetricsCalendar.PeriodStart(period, At(instant)));

    [Theory]
    [InlineData("2026-03-08T12:00:00Z")] // clocks go forward in New York
    [InlineData("2026-07-01T12:00:00Z")]
    [InlineData("2026-11-01T12:00:00Z")] // clocks go back
    public void Summer_time_moves_nothing(string noon)
    {
        var start = MetricsCalendar.PeriodStart(MetricsPeriod.Days, At(noon));
        Assert.Equal(5, start.Hour);
        Assert.Equal(TimeSpan.Zero, start.Offset);
        Assert.Equal(TimeSpan.FromHours(24), MetricsCalendar.Next(MetricsPeriod.Days, start) - start);
        Assert.Equal(TimeSpan.FromHours(24), start - MetricsCalendar.Previous(MetricsPeriod.Days, start));
    }

    [Theory]
    [InlineData(MetricsPeriod.Months, "2028-02-29T12:00:00Z", "2028-03-01T05:00:00Z", "2028-01-01T05:00:00Z")]
    [InlineData(MetricsPeriod.Months, "2026-12-31T12:00:00Z", "2027-01-01T05:00:00Z", "2026-11-01T05:00:00Z")]
    [InlineData(MetricsPeriod.Days, "2028-02-28T12:00:00Z", "2028-02-29T05:00:00Z", "2028-02-27T05:00:00Z")]
    [InlineData(MetricsPeriod.Weeks, "2026-12-31T12:00:00Z", "2027-01-03T05:00:00Z", "2026-12-20T05:00:00Z")]
    [InlineData(MetricsPeriod.Hours, "2026-12-31T23:30:00Z", "2027-01-01T00:00:00Z", "2026-12-31T22:00:00Z")]
    public void The_neighbours_are_the_steps_before_and_after(MetricsPeriod period, string instant, string next, string previous)
    {
        Assert.Equal(At(next), MetricsCalendar.Next(period, At(instant)));
        Assert.Equal(At(previous), MetricsCalendar.Previous(period, At(instant)));
    }

    [Theory]
    [InlineData(MetricsPeriod.Hours)]
    [InlineData(MetricsPeriod.Days)]
    [InlineData(MetricsPeriod.Weeks)]
    [InlineData(MetricsPeriod.Months)]
    public void The_longest_series_has_no_gap_and_ends_with_now(MetricsPeriod period)
    {
        var now = At("2026-11-21T09:00:00Z");
        var steps = MetricsCalendar.Boundaries(period, now, MetricsCalendar.MaxSteps(period));
        Assert.Equal(MetricsCalendar.MaxSteps(period), steps.Count);
        Assert.All(steps.Zip(steps.Skip(1)), pair => Assert.Equal(pair.First.End, pair.Second.Start));
        Assert.All(steps, step => Assert.Equal(step.Start, MetricsCalendar.PeriodStart(period, step.Start)));
        Assert.InRange(now, steps[^1].Start, steps[^1].End.AddTicks(-1));
    }

    [Fact]
    public void The_last_step_of_a_series_that_ends_on_a_boundary_has_only_begun()
    {
        var (start, end) = (At("2026-11-01T05:00:00Z"), At("2026-12-01T05:00:00Z"));
        var steps = MetricsCalendar.Boundaries(MetricsPeriod.Months, start, 2);
        Assert.Equal([new(At("2026-10-01T05:00:00Z"), start), new(start, end)], steps);
    }

    [Fact]
    public void No_steps_have_no_boundaries()
    {
        Assert.Empty(MetricsCalendar.Boundaries(MetricsPeriod.Days, At("2026-11-21T09:00:00Z"), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => MetricsCalendar.Boundaries(MetricsPeriod.Days, At("2026-11-21T09:00:00Z"), -1));
    }

    [Fact]
    public void The_maxima_are_the_documented_ones()
    {
        Assert.Equal([24, 45, 12, 121], Enum.GetValues<MetricsPeriod>().Select(period => MetricsCalendar.MaxSteps(period)));
        Assert.Equal(
            [87_672, 3653, 521, 121], Enum.GetValues<MetricsPeriod>().Select(period => MetricsCalendar.MaxSteps(period, MetricsStyle.Range)));
    }

    [Fact]
    public void The_zone_that_is_asked_for_by_default_needs_no_time_zones_of_the_system()
    {
        var zone = MetricsCalendar.ZoneOf(MetricsCalendar.TimeZone);
        Assert.Equal((MetricsCalendar.TimeZone, MetricsCalendar.Offset), (zone.Id, zone.BaseUtcOffset));
        Assert.Empty(zone.GetAdjustmentRules());
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
