using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;
using Xunit;

namespace Sluice.Tests.Catalog;

/// <summary>Steps of metrics in any zone at any time, compared with what the zone's clock shows, second by second where it changes.</summary>
public sealed class MetricsZonesTests
{
    private static readonly DateTimeOffset Earliest = new(2013, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<Moment> Moments =
        from zone in Gen.OneOf(
            Gen.Elements(
                "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Asia/Kathmandu", "America/St_Johns", "Africa/Cairo",
                "America/Sao_Paulo", "America/Santiago", "America/Havana", "Asia/Beirut", "Atlantic/Azores", "Pacific/Chatham", "Africa/Casablanca",
                "Europe/Dublin", "Pacific/Kiritimati", "UTC"),
            Gen.Elements(TimeZoneInfo.GetSystemTimeZones().Select(one => one.Id).ToArray()))
        from instant in Gen.OneOf(
            Gen.Choose(0, 15 * 366 * 24 * 60).Select(minute => Earliest.AddMinutes(minute)),
            Gen.Choose(0, 28).SelectMany(year => Gen.Choose(-90, 90).Select(minute => ChangeOf(zone, year).AddMinutes(minute))))
        from period in Gen.Elements(Enum.GetValues<MetricsPeriod>())
        select new Moment(zone, instant, period);

    [Fact]
    public void A_step_holds_its_instant_and_begins_where_the_one_before_ends() => ForAll(moment =>
    {
        var (zone, instant, period) = (moment.Here, moment.Instant, moment.Period);
        var start = MetricsCalendar.PeriodStart(period, instant, zone);
        var next = MetricsCalendar.Next(period, instant, zone);
        return start <= instant && instant < next
            && MetricsCalendar.PeriodStart(period, start, zone) == start
            && MetricsCalendar.PeriodStart(period, next.AddSeconds(-1), zone) == start
            && MetricsCalendar.Previous(period, next, zone) == start
            && MetricsCalendar.Number(period, next, zone) == MetricsCalendar.Number(period, start, zone) + 1;
    });

    [Fact]
    public void A_day_a_week_and_a_month_begin_with_the_first_second_of_their_date() => ForAll(moment =>
    {
        if (moment.Period == MetricsPeriod.Hours)
        {
            return true;
        }

        var start = MetricsCalendar.PeriodStart(moment.Period, moment.Instant, moment.Here);
        var (date, before) = (DateOf(start, moment.Here), DateOf(start.AddSeconds(-1), moment.Here));
        return before < date
            && (moment.Period != MetricsPeriod.Weeks || date.DayOfWeek == DayOfWeek.Sunday)
            && (moment.Period != MetricsPeriod.Months || date.Day == 1);
    });

    [Fact]
    public void Hours_have_sixty_minutes_and_the_days_of_a_change_have_23_or_25_of_them() => ForAll(moment =>
    {
        var (zone, instant) = (moment.Here, moment.Instant);
        var hour = MetricsCalendar.PeriodStart(MetricsPeriod.Hours, instant, zone);
        var day = MetricsCalendar.PeriodStart(MetricsPeriod.Days, instant, zone);
        var length = MetricsCalendar.Next(MetricsPeriod.Days, instant, zone) - day;
        // Clocks that go from 23:00 to midnight shorten the day before, those that go from midnight to 1:00 the day after: so minutes are counted.
        var date = DateOf(day, zone);
        var minutes = Enumerable.Range(-180, 33 * 60).Count(minute => DateOf(day.AddMinutes(minute), zone) == date);
        return MetricsCalendar.Next(MetricsPeriod.Hours, instant, zone) - hour == TimeSpan.FromHours(1) && length == TimeSpan.FromMinutes(minutes);
    });

    [Fact]
    public void Windows_have_every_step_once_and_none_is_longer_than_ten_years() => ForAll(moment =>
    {
        var years = moment.Period == MetricsPeriod.Hours ? 2 : 14;
        var now = moment.Instant.AddYears(years).AddDays(3);
        var key = new ExtractionKey("campaign_metrics", moment.Period);
        var resource = ResourceCatalog.Default.Find("campaign_metrics")! with
        {
            Query = new Dictionary<string, string> { ["tz"] = moment.Zone },
        };
        var windows = new MetricsWindows(key, resource).Of(ExtractionRange.All, "1", moment.Instant, now);
        var steps = windows.SelectMany(window => window.Steps).ToList();
        var first = MetricsCalendar.PeriodStart(moment.Period, moment.Instant, moment.Here);
        return steps[0].Start <= first && steps.Any(step => step.Start == first)
            && steps.Zip(steps.Skip(1)).All(pair => pair.First.End == pair.Second.Start && pair.First.Start < pair.First.End)
            && steps[^1].Start <= now && now < steps[^1].End
            && windows.All(window => window.End <= window.Start.AddYears(10) && window.Start == MidnightOf(window.Start, moment)
                && window.End > window.Steps[^1].Start && window.End < window.Steps[^1].End);
    });

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", 23)]
    [InlineData("Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", 25)]
    [InlineData("Asia/Kolkata", "2026-06-01T00:00:00Z", "2026-05-31T18:30:00Z", 24)]
    [InlineData("America/Sao_Paulo", "2018-11-04T12:00:00Z", "2018-11-04T03:00:00Z", 23)]
    [InlineData("Africa/Cairo", "2026-04-24T12:00:00Z", "2026-04-23T22:00:00Z", 23)]
    [InlineData("America/Havana", "2025-11-02T12:00:00Z", "2025-11-02T04:00:00Z", 25)]
    [InlineData("America/Scoresbysund", "2027-03-27T12:00:00Z", "2027-03-27T02:00:00Z", 23)]
    [InlineData("America/Scoresbysund", "2027-03-28T01:59:00Z", "2027-03-28T01:00:00Z", 24)]
    [InlineData("Pacific/Chatham", "2026-01-01T00:00:00Z", "2025-12-31T10:15:00Z", 24)]
    public void Days_of_some_zones_are_known(string zone, string instant, string start, int hours)
    {
        var here = TimeZoneInfo.FindSystemTimeZoneById(zone);
        Assert.Equal(At(start), MetricsCalendar.PeriodStart(MetricsPeriod.Days, At(instant), here));
        Assert.Equal(At(start).AddHours(hours), MetricsCalendar.Next(MetricsPeriod.Days, At(instant), here));
    }

    private static void ForAll(Func<Moment, bool> holds) =>
        Check.One(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Moments.ToArbitrary(), holds));

    // The hours around a change of the clocks are where mistakes are; a zone without one has its new year there.
    private static DateTimeOffset ChangeOf(string zone, int halfYear)
    {
        var here = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var from = Earliest.AddMonths(6 * halfYear);
        var change = Enumerable.Range(0, 183)
            .Select(day => from.AddDays(day))
            .FirstOrDefault(day => here.GetUtcOffset(day) != here.GetUtcOffset(day.AddDays(1)), from);
        return Enumerable.Range(0, 24 * 4)
            .Select(quarter => change.AddMinutes(15 * quarter))
            .FirstOrDefault(quarter => here.GetUtcOffset(quarter) != here.GetUtcOffset(change), change);
    }

    private static DateTimeOffset MidnightOf(DateTimeOffset start, Moment moment) =>
        moment.Period == MetricsPeriod.Hours || TimeZoneInfo.ConvertTime(start, moment.Here).TimeOfDay == TimeSpan.Zero ? start : default;

    private static DateOnly DateOf(DateTimeOffset instant, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).Date);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private sealed record Moment(string Zone, DateTimeOffset Instant, MetricsPeriod Period)
    {
        public TimeZoneInfo Here => TimeZoneInfo.FindSystemTimeZoneById(Zone);
    }
}
