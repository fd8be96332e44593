using System.Runtime.InteropServices;

namespace Sluice.Engine.Catalog;

/// <summary>
/// The dates of metrics: the API's series carry none. Days, weeks and months start at 00:00 of a zone: of EST by the reference of version 1, and of
/// the zone that is asked for in version 2.
/// </summary>
/// <remarks>EST is taken literally: UTC-5 all year, even in summer, when New York is at UTC-4.</remarks>
public static class MetricsCalendar
{
    /// <summary>The IANA zone that is at UTC-5 all year, sent as <c>tz</c> so that every table of metrics has the same days.</summary>
    public const string TimeZone = "America/Panama";

    /// <summary>The offset of EST from UTC.</summary>
    public static readonly TimeSpan Offset = TimeSpan.FromHours(-5);

    /// <summary>The fewest steps that are returned: the API treats 1 as 2, and 0 as the maximum.</summary>
    public const int FewestSteps = 2;

    private static readonly TimeZoneInfo Est = TimeZoneInfo.CreateCustomTimeZone(TimeZone, Offset, "EST", "EST");

    /// <summary>Gives a zone by its IANA name; the one at UTC-5 also on systems without time zones.</summary>
    /// <exception cref="TimeZoneNotFoundException">The system does not know the zone.</exception>
    public static TimeZoneInfo ZoneOf(string name) => name == TimeZone ? Est : TimeZoneInfo.FindSystemTimeZoneById(name);

    /// <summary>Gives the most steps that can be asked for: up to now in one request, or in ten years where a range is asked for.</summary>
    public static int MaxSteps(MetricsPeriod period, MetricsStyle style = MetricsStyle.Steps) => (period, style) switch
    {
        (MetricsPeriod.Hours, MetricsStyle.Range) => 3653 * 24,
        (MetricsPeriod.Days, MetricsStyle.Range) => 3653,
        (MetricsPeriod.Weeks, MetricsStyle.Range) => 521,
        (MetricsPeriod.Hours, _) => 24,
        (MetricsPeriod.Days, _) => 45,
        (MetricsPeriod.Weeks, _) => 12,
        (MetricsPeriod.Months, _) => 121,
        _ => throw Unknown(period),
    };

    /// <summary>The start, in UTC, of the step that contains the instant; in EST unless a zone is given.</summary>
    public static DateTimeOffset PeriodStart(MetricsPeriod period, DateTimeOffset instant, TimeZoneInfo? zone = null)
    {
        zone ??= Est;
        if (period == MetricsPeriod.Hours)
        {
            return HourStart(instant, zone);
        }

        var day = TimeZoneInfo.ConvertTime(instant, zone).Date;
        return DayStart(
            period switch
            {
                MetricsPeriod.Days => day,
                MetricsPeriod.Weeks => day.AddDays(-(int)day.DayOfWeek),
                MetricsPeriod.Months => day.AddDays(1 - day.Day),
                _ => throw Unknown(period),
            },
            zone);
    }

    /// <summary>The start, in UTC, of the step after the one that contains the instant.</summary>
    public static DateTimeOffset Next(MetricsPeriod period, DateTimeOffset instant, TimeZoneInfo? zone = null)
    {
        // A date that a zone left out, because it moved to the other side of the date line, is no step.
        var next = Move(period, instant, 1, zone);
        for (var steps = 2; next <= instant; steps++)
        {
            next = Move(period, instant, steps, zone);
        }

        return next;
    }

    /// <summary>The start, in UTC, of the step before the one that contains the instant.</summary>
    public static DateTimeOffset Previous(MetricsPeriod period, DateTimeOffset instant, TimeZoneInfo? zone = null) =>
        Move(period, instant, -1, zone);

    /// <summary>The start, in UTC, of the step so many steps behind the one that contains the instant.</summary>
    public static DateTimeOffset Move(MetricsPeriod period, DateTimeOffset instant, int steps, TimeZoneInfo? zone = null)
    {
        zone ??= Est;
        var start = PeriodStart(period, instant, zone);
        if (period == MetricsPeriod.Hours)
        {
            return start.AddHours(steps);
        }

        // The first of a month and a Sunday stay what they are, so that no month has to be shortened.
        var day = TimeZoneInfo.ConvertTime(start, zone).Date;
        return DayStart(
            period switch
            {
                MetricsPeriod.Days => day.AddDays(steps),
                MetricsPeriod.Weeks => day.AddDays(7 * steps),
                _ => day.AddMonths(steps),
            },
            zone);
    }

    /// <summary>The last steps, oldest first, the last of which contains <paramref name="now"/>.</summary>
    public static IReadOnlyList<MetricsStep> Boundaries(MetricsPeriod period, DateTimeOffset now, int steps, TimeZoneInfo? zone = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        return
        [
            .. Enumerable.Range(0, steps)
                .Select(index => index - steps + 1)
                .Select(index => new MetricsStep(Move(period, now, index, zone), Move(period, now, index + 1, zone))),
        ];
    }

    /// <summary>Counts steps from a fixed one in the past: two steps are as many apart as their numbers.</summary>
    public static long Number(MetricsPeriod period, DateTimeOffset start, TimeZoneInfo zone)
    {
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(start, zone).Date);
        return period switch
        {
            MetricsPeriod.Hours => (long)Math.Floor(start.ToUnixTimeSeconds() / 3600.0),
            MetricsPeriod.Days => day.DayNumber,
            // The first day of all was a Monday.
            MetricsPeriod.Weeks => (day.DayNumber + 1) / 7,
            MetricsPeriod.Months => (day.Year * 12) + day.Month,
            _ => throw Unknown(period),
        };
    }

    // An hour always has 60 minutes: where clocks are put back the same hour of the clock comes twice, where they are put on one is missing.
    // By the zone's usual offset, so that a zone that moves its clocks by half an hour has the same hours in every window.
    private static DateTimeOffset HourStart(DateTimeOffset instant, TimeZoneInfo zone)
    {
        var local = instant.ToOffset(zone.BaseUtcOffset);
        return local.AddTicks(-(local.Ticks % TimeSpan.TicksPerHour)).ToUniversalTime();
    }

    // The first instant of a date: where clocks are put on at midnight it is when they are, and of a midnight that comes twice the first. Asked by
    // instants alone, because .NET does not know for all zones which times of the clock there are not.
    private static DateTimeOffset DayStart(DateTime midnight, TimeZoneInfo zone)
    {
        var about = new DateTimeOffset(DateTime.SpecifyKind(midnight, DateTimeKind.Unspecified), TimeSpan.Zero);
        var (before, after) = (zone.GetUtcOffset(about.AddHours(-26)), zone.GetUtcOffset(about.AddHours(26)));
        if (before == after)
        {
            return about - before;
        }

        var change = ChangeBetween(about.AddHours(-26), about.AddHours(26), zone);
        return about - before < change ? about - before
            : about - after >= change ? about - after
            : change;
    }

    // To the second; there is one, for the ends have different offsets.
    private static DateTimeOffset ChangeBetween(DateTimeOffset low, DateTimeOffset high, TimeZoneInfo zone)
    {
        var before = zone.GetUtcOffset(low);
        while (high - low > TimeSpan.FromSeconds(1))
        {
            var middle = low.AddSeconds(Math.Floor((high - low).TotalSeconds / 2));
            (low, high) = zone.GetUtcOffset(middle) == before ? (middle, high) : (low, middle);
        }

        return high;
    }

    private static ArgumentOutOfRangeException Unknown(MetricsPeriod period) =>
        new(nameof(period), period, "There are hours, days, weeks and months.");
}

/// <summary>The length of one step of metrics, named as the API names it.</summary>
public enum MetricsPeriod
{
    /// <summary>One hour, from the full hour.</summary>
    Hours,

    /// <summary>One day, from 00:00.</summary>
    Days,

    /// <summary>One week, from Sunday 00:00.</summary>
    Weeks,

    /// <summary>One month, from 00:00 on the 1st.</summary>
    Months,
}

/// <summary>One step of a series of metrics.</summary>
/// <param name="Start">The first instant of the step, in UTC.</param>
/// <param name="End">The first instant after the step, in UTC.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MetricsStep(DateTimeOffset Start, DateTimeOffset End);

/// <summary>The request parameters of a metrics resource.</summary>
public enum MetricsStyle
{
    /// <summary>The resource holds no metrics.</summary>
    None,

    /// <summary><c>period</c> and <c>steps</c>: the number of steps up to now.</summary>
    Steps,

    /// <summary>With <c>version=2</c>, <c>res</c>, <c>tz</c>, <c>start</c> and <c>end</c> (unix seconds), at most ten years apart.</summary>
    Range,

    /// <summary>With <c>resolution</c>, <c>start</c> and <c>end</c> (unix seconds), all three required; days start at 00:00 EST.</summary>
    Resolution,
}
