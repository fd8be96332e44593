using System.Runtime.InteropServices;

namespace Sluice.Engine.Catalog;

/// <summary>The dates of metrics: the API's series carry none, and its reference says that days, weeks and months start at 00:00 EST.</summary>
/// <remarks>EST is taken literally: UTC-5 all year, even in summer, when New York is at UTC-4.</remarks>
public static class MetricsCalendar
{
    /// <summary>The IANA zone that is at UTC-5 all year, sent as <c>tz</c> so that every table of metrics has the same days.</summary>
    public const string TimeZone = "America/Panama";

    /// <summary>The offset of EST from UTC.</summary>
    public static readonly TimeSpan Offset = TimeSpan.FromHours(-5);

    /// <summary>The fewest steps that are returned: the API treats 1 as 2, and 0 as the maximum.</summary>
    public const int FewestSteps = 2;

    /// <summary>Gives the most steps that one request may ask for.</summary>
    public static int MaxSteps(MetricsPeriod period) => period switch
    {
        MetricsPeriod.Hours => 24,
        MetricsPeriod.Days => 45,
        MetricsPeriod.Weeks => 12,
        MetricsPeriod.Months => 121,
        _ => throw new ArgumentOutOfRangeException(nameof(period), period, "There are hours, days, weeks and months."),
    };

    /// <summary>Gives the most steps that the first version of campaign metrics allows, which has one month less.</summary>
    public static int MaxStepsOfCampaignVersion1(MetricsPeriod period) => period == MetricsPeriod.Months ? 120 : MaxSteps(period);

    /// <summary>The start, in UTC, of the step that contains the instant.</summary>
    public static DateTimeOffset PeriodStart(MetricsPeriod period, DateTimeOffset instant)
    {
        var local = instant.ToOffset(Offset);
        var day = new DateTimeOffset(local.Date, Offset);
        return (period switch
        {
            MetricsPeriod.Hours => day.AddHours(local.Hour),
            MetricsPeriod.Days => day,
            MetricsPeriod.Weeks => day.AddDays(-(int)local.DayOfWeek),
            MetricsPeriod.Months => day.AddDays(1 - local.Day),
            _ => throw new ArgumentOutOfRangeException(nameof(period), period, "There are hours, days, weeks and months."),
        }).ToUniversalTime();
    }

    /// <summary>The start, in UTC, of the step after the one that contains the instant.</summary>
    public static DateTimeOffset Next(MetricsPeriod period, DateTimeOffset instant) => Move(period, PeriodStart(period, instant), 1);

    /// <summary>The start, in UTC, of the step before the one that contains the instant.</summary>
    public static DateTimeOffset Previous(MetricsPeriod period, DateTimeOffset instant) => Move(period, PeriodStart(period, instant), -1);

    /// <summary>The last steps, oldest first, the last of which contains <paramref name="now"/>.</summary>
    public static IReadOnlyList<MetricsStep> Boundaries(MetricsPeriod period, DateTimeOffset now, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        var last = PeriodStart(period, now);
        return
        [
            .. Enumerable.Range(0, steps)
                .Select(index => index - steps + 1)
                .Select(index => new MetricsStep(Move(period, last, index), Move(period, last, index + 1))),
        ];
    }

    // Only from a start: adding months to the 1st never has to shorten a month.
    private static DateTimeOffset Move(MetricsPeriod period, DateTimeOffset start, int steps) => period switch
    {
        MetricsPeriod.Hours => start.AddHours(steps),
        MetricsPeriod.Days => start.AddDays(steps),
        MetricsPeriod.Weeks => start.AddDays(7 * steps),
        _ => start.ToOffset(Offset).AddMonths(steps).ToUniversalTime(),
    };
}

/// <summary>The length of one step of metrics, named as the API names it.</summary>
public enum MetricsPeriod
{
    /// <summary>One hour, from the full hour.</summary>
    Hours,

    /// <summary>One day, from 00:00 EST.</summary>
    Days,

    /// <summary>One week, from Sunday 00:00 EST.</summary>
    Weeks,

    /// <summary>One month, from 00:00 EST on the 1st.</summary>
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

    /// <summary>With <c>version=2</c>, <c>res</c>, <c>tz</c>, <c>start</c> and <c>end</c> (unix seconds).</summary>
    Range,

    /// <summary>With <c>resolution</c>, <c>start</c> and <c>end</c> (unix seconds), all three required; days start at 00:00 EST.</summary>
    Resolution,
}
