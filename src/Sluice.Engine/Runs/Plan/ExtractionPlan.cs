using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;
using Sluice.Engine.Masking;
using Sluice.Engine.State;

namespace Sluice.Engine.Runs;

/// <summary>
/// What one workspace is asked for so that the tables of a request can be loaded: each question once, those that lead to others before them. Computed
/// once; the run reads it, a dry run prices it.
/// </summary>
internal sealed class ExtractionPlan
{
    /// <summary>The option that says how long one run waits for an export.</summary>
    public const string Deadline = "deadline";

    private readonly Dictionary<ExtractionKey, Extraction> _extractions = [];
    private readonly Dictionary<TableJob, ExtractionKey> _keys = [];
    private readonly IngestRequest _request;
    private readonly ExtractionRanges _ranges;
    private readonly HashSet<string> _leading;
    private readonly string _workspace;

    private ExtractionPlan(IngestRequest request, StateSnapshot states, DateTimeOffset now, string workspace)
    {
        (_request, Now, _workspace) = (request, now, workspace);
        _leading = [.. request.Tables.SelectMany(LeadingTo)];
        foreach (var job in request.Tables)
        {
            _keys[job] = KeyOf(job);
        }

        _ranges = new ExtractionRanges(states, request.Tables.ToDictionary(job => job, ServedBy));
        foreach (var job in request.Tables)
        {
            Add(_keys[job], job);
        }
    }

    /// <summary>The time of the plan, by Customer.io's clock.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>The extractions; one that leads to others comes before them.</summary>
    public IReadOnlyCollection<Extraction> Extractions => _extractions.Values;

    /// <summary>Plans what a workspace is asked for.</summary>
    /// <param name="request">The tables that are read from the workspace, and how.</param>
    /// <param name="states">What the destination remembers of them.</param>
    /// <param name="now">The time by Customer.io's clock.</param>
    /// <param name="workspace">The workspace's name; empty when there is a single one that nobody has named.</param>
    public static ExtractionPlan For(IngestRequest request, StateSnapshot states, DateTimeOffset now, string workspace = "") =>
        new(request, states, now, workspace);

    /// <summary>The extraction that a table is loaded from.</summary>
    public Extraction Of(TableJob job) => _extractions[_keys[job]];

    /// <summary>Whether no table is loaded from it: it is read for those that it leads to.</summary>
    public bool IsOnlyLeading(Extraction one) => !_keys.ContainsValue(one.Key);

    private Extraction Add(ExtractionKey key, TableJob? job)
    {
        if (_extractions.TryGetValue(key, out var known))
        {
            return known;
        }

        var resource = ConfiguredOf(key);
        var parent = ParentOf(key, resource, job) is { } leading ? Add(leading, JobOf(leading, key, job)) : null;
        return _extractions[key] = Plan(key, resource, job, parent);
    }

    // A list that only leads to others belongs to no table: nothing is limited in it, and what is hidden anywhere is hidden in it.
    private Extraction Plan(ExtractionKey key, Resource resource, TableJob? job, Extraction? parent)
    {
        var range = _ranges.Of(key, resource);
        var limit = job is null ? null : LimitOf(job);
        var masks = job is null ? _request.ParentMasks : job.Settings.Masks;
        return new Extraction(key, resource)
        {
            Range = range,
            Limit = limit,
            Masks = masks,
            Deadline = DeadlineOf(key),
            Flattening = job?.Flattening,
            Lookup = resource.OptionOf(OptionKind.Segments)?.Lookup is { } table ? Find(table) : null,
            Injected = _workspace.Length == 0 ? [] : InjectedColumns.Build([KeyValuePair.Create(WorkspaceColumn.Name, $"\"{_workspace}\"")]),
            Fingerprint = Fingerprint(key, resource, range, limit ?? (job is null ? LimitBelow(resource) : null), masks),
            Parent = parent,
        };
    }

    // What a limited run has read of a list that leads to its tables is not the whole list, which another run may need.
    private long? LimitBelow(Resource resource)
    {
        var limits = _request.Tables.Where(job => LeadingTo(job).Contains(resource.Name)).Select(LimitOf).ToList();
        return limits.Contains(null) ? null : limits.Sum();
    }

    // Without the parent: a child's partitions are named after the parent's rows and stay good when the parent is listed again.
    // With the masks: a page that was kept as it came must never end in a masked table.
    // Ranges of metrics have other partitions than the last steps had, as which they were read before.
    private string Fingerprint(ExtractionKey key, Resource resource, ExtractionRange range, long? limit, MaskSet masks)
    {
        var wanted = (range.IsExplicit ? $"{range.Start:O}|{range.End:O}" : "") + (resource.Metrics == MetricsStyle.Range ? "life" : "");
        var text = string.Create(CultureInfo.InvariantCulture, $"2|{key}|{wanted}|{limit}|{masks.Fingerprint}|{_workspace}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
    }

    // Null when the table is read in the plain way, or as all tables of the request are.
    private static OwnReading? OwnReadingOf(TableJob job, long? limit)
    {
        var settings = job.Settings.IsOwn ? job.Settings : new TableSettings();
        return settings.Interval.IsAll && limit is null && settings.Masks.Masks.Count == 0 && job.Flattening is null
            ? null
            : new OwnReading(settings.Interval, limit, settings.Masks.Fingerprint, job.Flattening?.ToString());
    }

    // How long to wait is no part of the question: a run with a longer deadline goes on with the same export.
    private ExtractionKey KeyOf(TableJob job) => ExtractionKey.Of(job.Resource, job.Source.Period) with
    {
        Options = job.Options.One(Deadline) is null ? job.Options : job.Options.Without(Deadline),
        Where = job.Where,
        Slice = job.Slice,
        Own = OwnReadingOf(job, job.Settings.IsOwn ? LimitOf(job) : null),
    };

    private IReadOnlyList<ExtractionKey> ServedBy(TableJob job) => job.Slice is null ? [_keys[job]] : [_keys[job], KeyOf(WholeOf(job))];

    private ExtractionKey? ParentOf(ExtractionKey key, Resource resource, TableJob? job)
    {
        if (key.Slice is not null)
        {
            return KeyOf(WholeOf(job!));
        }

        if (resource.Parent is not { } binding || key.Where.KeysOf(resource) is not null || IsNamedWhole(key, resource))
        {
            return null;
        }

        var parent = new ExtractionKey(binding.Resource, null);
        return resource.Reading == ReadingKind.Export
            ? parent
            : parent with { Options = key.Options.Of(_request.Catalog.OptionsOf(Find(parent.Resource))), Where = key.Where.Above(binding.Resource) };
    }

    // What slices are taken from is hidden and limited as they are: it is read for them alone.
    private TableJob? JobOf(ExtractionKey leading, ExtractionKey key, TableJob? job) =>
        key.Slice is not null ? WholeOf(job!) : _request.Tables.FirstOrDefault(other => _keys[other] == leading);

    private static TableJob WholeOf(TableJob job) => job with { Slice = null, Flattening = null };

    // What an export is of need not be listed when it is named and its time is, too.
    private static bool IsNamedWhole(ExtractionKey key, Resource resource) =>
        resource.Reading == ReadingKind.Export && !ExportedResource.NeedsList(resource, key.Options);

    // A limited list would leave children without parents: then the limit is applied when rows are loaded.
    private long? LimitOf(TableJob job) => _leading.Contains(job.Resource.Name) ? null : job.Settings.Limit;

    private IEnumerable<string> LeadingTo(TableJob job)
    {
        for (var resource = Find(job.Resource.SharedWith ?? job.Resource.Name); resource.Parent is { } binding; resource = Find(binding.Resource))
        {
            yield return binding.Resource;
        }
    }

    private TimeSpan? DeadlineOf(ExtractionKey key) =>
        _request
            .Tables.Where(job => _keys[job] == key)
            .Select(job =>
                long.TryParse(job.Options.One(Deadline), CultureInfo.InvariantCulture, out var seconds)
                    ? TimeSpan.FromSeconds(seconds)
                    : (TimeSpan?)null)
            .Max();

    private Resource ConfiguredOf(ExtractionKey key) => ConfiguredResource.With(Find(key.Resource), key.Options, key.Where);

    private Resource Find(string name) =>
        _request.Catalog.Find(name) ?? throw new InvalidOperationException($"The catalog names {name}, which it does not have.");
}

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

        var range = jobs.Count > 0 && jobs.TrueForAll(GoesOn) && LookBackOf(jobs, resource) is { } back
            ? Since(jobs, resource, back)
            : ExtractionRange.All;
        return resource is { Window: not null, Parent: null } && jobs.Count > 0 ? range with { Beginning = BeginningOf(jobs) } : range;
    }

    // A table that does not know it has to find it out.
    private DateTimeOffset? BeginningOf(List<TableJob> jobs) => jobs.Select(job => states.Of(job)?.Beginning).ToList() is var known
        && known.TrueForAll(beginning => beginning is not null) ? known.Min() : null;

    // Whether a table's next load only needs what is new since the last one.
    private bool GoesOn(TableJob job) =>
        job.Strategy is Strategy.Merge or Strategy.Append
        && job.Settings is { FullRefresh: false, Interval.IsAll: true, Limit: null }
        && states.Of(job) is not null;

    private static DateTimeOffset? Second(ExtractionKey key, string option) =>
        long.TryParse(key.Options.One(option), CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    // One that serves two tables looks back as far as the more careful one wants.
    private static TimeSpan? LookBackOf(List<TableJob> jobs, Resource resource) =>
        jobs.Select(job => job.Settings.LookBack is { } wanted ? new LookBack(wanted, wanted) : LookBack.Default).Max(back => back.Of(resource));

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
