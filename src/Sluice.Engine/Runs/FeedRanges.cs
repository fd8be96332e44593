using Sluice.Engine.Catalog;
using Sluice.Engine.Config;
using Sluice.Engine.Extract;
using Sluice.Engine.State;

namespace Sluice.Engine.Runs;

/// <summary>Decides which part of time each feed is read for: what was asked for, what is new, or everything.</summary>
internal sealed class FeedRanges(IngestRequest request, KnownStates states)
{
    private readonly LookBack _lookBack = request.LookBack is { } wanted ? new LookBack(wanted) : LookBack.Default;

    public FeedRange Of(FeedName name, Resource resource)
    {
        if (!request.Interval.IsAll)
        {
            return resource.Window is null ? FeedRange.All : new FeedRange(request.Interval.Start, request.Interval.End) { IsExplicit = true };
        }

        var jobs = request.Tables.Where(job => FeedName.Of(job.Resource, job.Source.Period) == name).ToList();
        return jobs.Count > 0 && jobs.All(GoesOn) && _lookBack.Of(resource) is { } back ? Since(jobs, resource, back) : FeedRange.All;
    }

    /// <summary>Whether a table's next load only needs what is new since the last one.</summary>
    public bool GoesOn(TableJob job) =>
        job.Strategy is Strategy.Merge or Strategy.Append && !request.FullRefresh && request.Interval.IsAll && request.Limit is null && states.Of(job) is not null;

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
