using System.Globalization;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract;

/// <summary>A part of time that one request for metrics covers, in whole steps.</summary>
/// <param name="Steps">The steps, oldest first.</param>
/// <param name="End">The last instant that is asked for: within the last step.</param>
internal sealed record MetricsWindow(IReadOnlyList<MetricsStep> Steps, DateTimeOffset End)
{
    public DateTimeOffset Start => Steps[0].Start;

    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Start.ToUnixTimeSeconds()}-{End.ToUnixTimeSeconds()}");
}

/// <summary>The windows in which the metrics of a parent are read from its beginning, or from where an earlier run has come to.</summary>
internal sealed class MetricsWindows
{
    // Ten years by the reference. An answer by hours is cut smaller, because all of its rows are in memory at once.
    private const int MostYears = 10;
    private const int MostYearsOfHours = 1;

    private readonly MetricsPeriod _period;
    private readonly string? _steps;

    public MetricsWindows(ExtractionKey key, Resource resource)
    {
        _period = key.Period ?? throw new InvalidOperationException($"{key} was planned without a period.");
        _steps = key.Options.One("steps");
        Zone = MetricsCalendar.ZoneOf(resource.Query["tz"]);
    }

    public TimeZoneInfo Zone { get; }

    private int LongestYears => _period == MetricsPeriod.Hours ? MostYearsOfHours : MostYears;

    /// <summary>The windows of one parent, oldest first; none if it did not exist yet.</summary>
    /// <param name="range">The part of time that is wanted.</param>
    /// <param name="parent">The parent's key.</param>
    /// <param name="created">When the parent was made, or null if it does not say so.</param>
    /// <param name="now">The end if none is wanted, and the latest one.</param>
    public IReadOnlyList<MetricsWindow> Of(ExtractionRange range, string parent, DateTimeOffset? created, DateTimeOffset now) =>
        [.. Parts(range, parent, created, now).Select(part => Window(part.First, part.Last))];

    /// <summary>How many windows those are.</summary>
    public int CountOf(ExtractionRange range, string parent, DateTimeOffset? created, DateTimeOffset now) =>
        Parts(range, parent, created, now).Count();

    /// <summary>The place of a step among those of its parent, from 0 for the one in which the parent was made.</summary>
    public long PlaceOf(MetricsStep step, DateTimeOffset? created) =>
        MetricsCalendar.Number(_period, step.Start, Zone)
        - MetricsCalendar.Number(_period, MetricsCalendar.PeriodStart(_period, created ?? TimeWindow.Beginning, Zone), Zone);

    private IEnumerable<(DateTimeOffset First, DateTimeOffset Last)> Parts(
        ExtractionRange range, string parent, DateTimeOffset? created, DateTimeOffset now)
    {
        var known = range.ParentStarts.TryGetValue(parent, out var mark) ? mark : (DateTimeOffset?)null;
        var wanted = range.Start ?? known ?? DateTimeOffset.MinValue;
        var start = new[] { created ?? TimeWindow.Beginning, TimeWindow.Beginning, wanted, FirstOfSteps(now) }.Max();
        var end = range.End < now ? range.End.Value : now;
        for (var first = Midnight(start); first <= end;)
        {
            var longest = first.AddYears(LongestYears);
            var last = end <= longest ? end : Midnight(longest).AddSeconds(-1);
            yield return (first, last);
            first = MetricsCalendar.Next(_period, last, Zone);
        }
    }

    // Set where only so many steps up to now are wanted.
    private DateTimeOffset FirstOfSteps(DateTimeOffset now) =>
        _steps is { } steps
            ? MetricsCalendar.Move(_period, now, 1 - int.Parse(steps, CultureInfo.InvariantCulture), Zone)
            : DateTimeOffset.MinValue;

    // Whether the API counts the step in that the end is the first second of is not documented: the end is never one.
    private MetricsWindow Window(DateTimeOffset first, DateTimeOffset last)
    {
        var steps = Steps(first, last);
        var end = Math.Max(last.ToUnixTimeSeconds(), steps[^1].Start.ToUnixTimeSeconds() + 1);
        return new MetricsWindow(steps, DateTimeOffset.FromUnixTimeSeconds(end));
    }

    // Where a day has no midnight, nobody says which instant the API takes for its start: a window begins a step earlier then.
    private DateTimeOffset Midnight(DateTimeOffset instant)
    {
        var start = MetricsCalendar.PeriodStart(_period, instant, Zone);
        while (_period != MetricsPeriod.Hours && TimeZoneInfo.ConvertTime(start, Zone).TimeOfDay != TimeSpan.Zero)
        {
            start = MetricsCalendar.Previous(_period, start, Zone);
        }

        return start;
    }

    private List<MetricsStep> Steps(DateTimeOffset first, DateTimeOffset last)
    {
        var steps = new List<MetricsStep>();
        for (var start = first; start <= last; start = steps[^1].End)
        {
            steps.Add(new MetricsStep(start, MetricsCalendar.Next(_period, start, Zone)));
        }

        return steps;
    }
}
