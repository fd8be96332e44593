using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sluice.Engine.Config;
using Sluice.Engine.Extract;
using Sluice.Engine.Shape;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Runs;

/// <summary>The feeds that a run's tables need: each question once, with its parents, on the spool that a former run may have left.</summary>
internal sealed class FeedSet : IAsyncDisposable
{
    private readonly Dictionary<FeedName, Feed> _feeds = [];
    private readonly IngestRequest _request;
    private readonly DateTimeOffset _now;
    private readonly FeedRanges _ranges;
    private readonly string _workspace;

    private FeedSet(IngestRequest request, DateTimeOffset now, KnownStates states, string workspace)
    {
        _workspace = workspace;
        _request = request;
        _now = now;
        _ranges = new FeedRanges(request, states);
    }

    public IReadOnlyCollection<Feed> All => _feeds.Values;

    public static FeedSet Open(IngestRequest request, DateTimeOffset now, KnownStates states, string workspace)
    {
        var feeds = new FeedSet(request, now, states, workspace);
        foreach (var job in request.Tables)
        {
            feeds.Add(FeedNames.Of(request, job), job);
        }

        return feeds;
    }

    public Feed Of(TableJob job) => _feeds[FeedNames.Of(_request, job)];

    /// <summary>Feeds whose pages nobody needs any more, by what became of the tables.</summary>
    public IEnumerable<Feed> Finished(IReadOnlyDictionary<TableJob, TableReport> reports)
    {
        var outcomes = _request.Tables.ToLookup(Of, job => reports[job].Outcome);
        return All.Where(feed => IsFinished(feed, outcomes));
    }

    public static string Folder(IngestRequest request) => Path.Combine(request.WorkFolder, "spool", request.PairId);

    /// <summary>Where rows wait for the commit when their destination can't stage them itself.</summary>
    public static string StageFolder(IngestRequest request) => Path.Combine(request.WorkFolder, "stage", request.PairId);

    public async ValueTask DisposeAsync()
    {
        foreach (var feed in _feeds.Values)
        {
            await feed.Spool.DisposeAsync();
        }
    }

    // Committed pages must go, or the next run would take them for its own. A list that only leads to children stays until they have it.
    private bool IsFinished(Feed feed, ILookup<Feed, TableOutcome> outcomes) => outcomes.Contains(feed)
        ? outcomes[feed].All(outcome => outcome is TableOutcome.Done or TableOutcome.Partial)
        : All.Where(child => child.Parent == feed).All(child => IsFinished(child, outcomes));

    // A list that only leads to others belongs to no table: nothing is limited in it, and what is hidden anywhere is hidden in it.
    private Feed Add(FeedName name, TableJob? job)
    {
        if (_feeds.TryGetValue(name, out var known))
        {
            return known;
        }

        var parent = FeedNames.ParentOf(name) is { } leading ? Add(leading, JobOf(leading, name, job)) : null;
        var feed = Open(name, parent, job);
        _feeds.Add(name, feed);
        return feed;
    }

    // What slices are taken from is hidden and limited as they are: it is read for them alone.
    private TableJob? JobOf(FeedName leading, FeedName name, TableJob? job) =>
        name.Slice is not null && job is not null ? job with { Slice = null, Flattening = null } : _request.Tables.FirstOrDefault(other => FeedNames.Of(_request, other) == leading);

    private Feed Open(FeedName name, Feed? parent, TableJob? job)
    {
        var resource = FeedNames.ResourceOf(name);
        var limit = job is null ? null : FeedNames.LimitOf(_request, job);
        var masks = job is null ? _request.ParentMasks : job.Settings.Masks;
        var range = _ranges.Of(name, resource);
        var header = new SpoolHeader(Fingerprint(name, range, limit, masks), _now)
        {
            From = range.IsExplicit ? null : range.Start,
            MaxAge = resource.Window is null ? SpoolHeader.AgeOfAListing : SpoolHeader.AgeOfWindows,
        };
        var spool = FeedSpool.Open(Path.Combine(Folder(_request), name.ToString()), header, _request.SegmentBytes);
        var feed = new Feed(name, resource, spool)
        {
            Range = range.IsExplicit ? range : range with { Start = spool.From },
            Limit = limit,
            Masks = masks,
            Deadline = DeadlineOf(name),
            Flattening = job?.Flattening,
            Stamp = _workspace.Length == 0 ? [] : RowStamp.Build([KeyValuePair.Create(WorkspaceColumn.Name, $"\"{_workspace}\"")]),
            Parent = parent,
        };
        feed.Counters.Found(spool.Rows, spool.Bytes);
        return feed;
    }

    private TimeSpan? DeadlineOf(FeedName name) => _request.Tables
        .Where(job => FeedNames.Of(_request, job) == name)
        .Select(job => long.TryParse(job.Options.One(FeedNames.Deadline), CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null)
        .Max();

    /// <summary>Whether other feeds read the rows of this one.</summary>
    public bool LeadsToOthers(Feed feed) => All.Any(child => child.Parent == feed);

    /// <summary>Throws away what a feed has spooled and begins anew, for a table whose destination no longer has the rows of removed segments.</summary>
    public async Task RestartAsync(Feed feed)
    {
        await feed.Spool.DisposeAsync();
        feed.Spool.Delete();
        feed.Become(Open(feed.Name, feed.Parent, _request.Tables.FirstOrDefault(job => FeedNames.Of(_request, job) == feed.Name)));
    }

    // Not the parent's spool: a child's walks are named after the parent's rows and stay good when the parent is listed again.
    // With the masks: a page that was kept as it came must never end in a masked table.
    private string Fingerprint(FeedName name, FeedRange range, long? limit, Masking masks)
    {
        var wanted = range.IsExplicit ? $"{range.Start:O}|{range.End:O}" : "";
        var text = string.Create(CultureInfo.InvariantCulture, $"2|{name}|{wanted}|{limit}|{masks.Fingerprint}|{_workspace}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
    }
}
