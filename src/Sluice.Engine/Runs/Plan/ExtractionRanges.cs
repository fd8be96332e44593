using System.Globalization;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;
using Sluice.Engine.State;

namespace Sluice.Engine.Runs;

/// <summary>Decides which part of time each extraction is read for: what was asked for, what is new, or everything.</summary>
/// <param name="states">What the destination remembers of the tables.</param>
/// <param name="keys">The extractions that each table needs the records of.</param>
internal sealed class ExtractionRanges(StateSnapshot states, IReadOnlyDictionary<TableJob, IReadOnlyList<ExtractionKey>> keys)
{
    public ExtractionRange Of(ExtractionKey key, Resource resource)
    {
        // A slice is read for the same time as what it is taken from.
        var whole = key.Slice is null ? key : keys.Values.First(needed => needed[0] == key)[^1];
        var jobs = keys.Where(pair => pair.Value.Contains(whole)).Select(pair => pair.Key).ToList();
        var interval = jobs.Count > 0 ? jobs[0].Settings.Interval : Interval.All;
        if (resource.Reading == ReadingKind.Export && (Second(key, "start") ?? Second(key, "end")) is not null)
        {
            return new ExtractionRange(Second(key, "start"), Second(key, "end")) { IsExplicit = true };
        }

        if (!interval.IsAll)
        {
            return resource.Window is null ? ExtractionRange.All : new ExtractionRange(interval.Start, interval.End) { IsExplicit = true };
        }

        return jobs.Count > 0 && jobs.TrueForAll(GoesOn) && LookBackOf(jobs, resource) is { } back
            ? Since(jobs, resource, back)
            : ExtractionRange.All;
    }

    // Whether a table's next load only needs what is new since the last one.
    private bool GoesOn(TableJob job) =>
        job.Strategy is Strategy.Merge or Strategy.Append
        && job.Settings is { FullRefresh: false, Interval.IsAll: true, Limit: null }
        && states.Of(job) is not null;

    private static DateTimeOffset? Second(ExtractionKey key, string option) =>
        long.TryParse(key.Options.One(option), CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    // One that serves two tables looks back as far as the more careful one wants.
    private static TimeSpan? LookBackOf(List<TableJob> jobs, Resource resource) =>
        jobs.Select(job => job.Settings.LookBack is { } wanted ? new LookBack(wanted) : LookBack.Default).Max(back => back.Of(resource));

    // One that serves two tables begins where the one that is further behind needs it.
    private ExtractionRange Since(List<TableJob> jobs, Resource resource, TimeSpan back)
    {
        var known = jobs.ConvertAll(job => states.Of(job)!);
        return resource.Parent is null
            ? new ExtractionRange(known.Min(state => state.Until) - back, null)
            : ExtractionRange.All with { ParentStarts = ParentStarts(known, back) };
    }

    private static Dictionary<string, DateTimeOffset> ParentStarts(List<TableState> known, TimeSpan back) => known
        .SelectMany(state => state.Parents)
        .GroupBy(parent => parent.Key, StringComparer.Ordinal)
        .Where(marks => marks.Count() == known.Count)
        .ToDictionary(marks => marks.Key, marks => marks.Min(mark => mark.Value) - back, StringComparer.Ordinal);
}
