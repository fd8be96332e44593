using System.Globalization;
using Sluice.Engine.Catalog;
using Sluice.Engine.Config;
using Sluice.Engine.Extract;
using Sluice.Engine.State;

namespace Sluice.Engine.Runs;

/// <summary>Decides which part of time each feed is read for: what was asked for, what is new, or everything.</summary>
internal sealed class FeedRanges(IngestRequest request, KnownStates states)
{
    public FeedRange Of(FeedName name, Resource resource)
    {
        if (name.Slice is not null)
        {
            return Of(FeedNames.ParentOf(name)!, resource);
        }

        var jobs = request.Tables.Where(job => FeedNames.Serves(request, name, job)).ToList();
        var interval = jobs.Count > 0 ? jobs[0].Settings.Interval : Interval.All;
        if (resource.Reading == ReadingKind.Export && (Second(name, "start") ?? Second(name, "end")) is not null)
        {
            return new FeedRange(Second(name, "start"), Second(name, "end")) { IsExplicit = true };
        }

        if (!interval.IsAll)
        {
            return resource.Window is null ? FeedRange.All : new FeedRange(interval.Start, interval.End) { IsExplicit = true };
        }

        return jobs.Count > 0 && jobs.All(GoesOn) && LookBackOf(jobs, resource) is { } back ? Since(jobs, resource, back) : FeedRange.All;
    }

    /// <summary>Whether a table's next load only needs what is new since the last one.</summary>
    public bool GoesOn(TableJob job) =>
        job.Strategy is Strategy.Merge or Strategy.Append
        && job.Settings is { FullRefresh: false, Interval.IsAll: true, Limit: null }
        && states.Of(job) is not null;

    private static DateTimeOffset? Second(FeedName name, string option) =>
        long.TryParse(name.Options.One(option), CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    // A feed that serves two tables looks back as far as the more careful one wants.
    private TimeSpan? LookBackOf(List<TableJob> jobs, Resource resource) =>
        jobs.Select(job => job.Settings.LookBack is { } wanted ? new LookBack(wanted) : LookBack.Default).Max(back => back.Of(resource));

    // A feed that serves two tables begins where the one that is further behind needs it.
    private FeedRange Since(List<TableJob> jobs, Resource resource, TimeSpan back)
    {
        var known = jobs.Select(job => states.Of(job)!).ToList();
        return resource.Parent is null
            ? new FeedRange(known.Min(state => state.Until) - back, null)
            : FeedRange.All with { ParentStarts = ParentStarts(known, back) };
    }

    private static Dictionary<string, DateTimeOffset> ParentStarts(List<TableState> known, TimeSpan back) => known
        .SelectMany(state => state.Parents)
        .GroupBy(parent => parent.Key, StringComparer.Ordinal)
        .Where(marks => marks.Count() == known.Count)
        .ToDictionary(marks => marks.Key, marks => marks.Min(mark => mark.Value) - back, StringComparer.Ordinal);
}
