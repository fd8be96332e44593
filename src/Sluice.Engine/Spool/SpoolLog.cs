using Sluice.CustomerIo;

namespace Sluice.Engine.Spool;

/// <summary>What a feed's manifest says, in memory, with a bell for those who wait for more.</summary>
internal sealed class SpoolLog
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, WalkState> _walks = new(StringComparer.Ordinal);
    private readonly List<ManifestEntry> _pages = [];
    private readonly SortedDictionary<int, Segment> _open = [];
    private readonly List<Segment> _sealed = [];
    private TaskCompletionSource _bell = NewBell();
    private Exception? _failure;
    private long _present;

    public bool IsComplete { get; private set; }

    public long Bytes { get; private set; }

    public long Rows { get; private set; }

    public long PeakBytes { get; private set; }

    public IReadOnlyCollection<string> Walks
    {
        get
        {
            lock (_gate)
            {
                return [.. _walks.Where(walk => walk.Value.Pages > 0).Select(walk => walk.Key)];
            }
        }
    }

    public IReadOnlyList<string> RemovedPackages
    {
        get
        {
            lock (_gate)
            {
                return [.. _sealed.Where(segment => segment.IsGone).Select(segment => segment.PackageId)];
            }
        }
    }

    public IReadOnlyDictionary<string, string> Skips
    {
        get
        {
            lock (_gate)
            {
                return _walks.Where(walk => walk.Value.IsSkipped).ToDictionary(walk => walk.Key, walk => walk.Value.SkipReason ?? "", StringComparer.Ordinal);
            }
        }
    }

    /// <summary>The walks of which Customer.io says how many records they have.</summary>
    public IReadOnlyList<CountedRows> Counted
    {
        get
        {
            lock (_gate)
            {
                return [.. _walks.Where(walk => walk.Value.Expected is not null).Select(walk => new CountedRows(walk.Key, walk.Value.Expected!.Value, walk.Value.Rows))];
            }
        }
    }

    /// <summary>What the walks have noted under a name, one of each that has; empty notes count as none.</summary>
    public IReadOnlyList<string> Notes(string name)
    {
        lock (_gate)
        {
            return [.. _walks.Values.Select(walk => walk.Notes.GetValueOrDefault(name)).OfType<string>().Where(note => note.Length > 0)];
        }
    }

    public WalkState Walk(string walk)
    {
        lock (_gate)
        {
            return _walks.TryGetValue(walk, out var state) ? state : new WalkState();
        }
    }

    public ManifestEntry Page(int index)
    {
        lock (_gate)
        {
            return _pages[index];
        }
    }

    public Segment Segment(int index)
    {
        lock (_gate)
        {
            return _sealed[index];
        }
    }

    /// <summary>Adds a fact that is on disk.</summary>
    public void Apply(ManifestEntry entry, Func<ManifestEntry, Segment> newSegment)
    {
        lock (_gate)
        {
            ApplyLocked(entry, newSegment);
            Ring();
        }
    }

    /// <summary>Where a sealed segment's file is.</summary>
    public string PathOf(int number)
    {
        lock (_gate)
        {
            return _sealed.First(segment => segment.Number == number).Path;
        }
    }

    /// <summary>Whether the segment already knows these fields with these kinds; what is new goes into the manifest line.</summary>
    public Dictionary<string, int>? NewFields(int segment, FieldProfile fields)
    {
        lock (_gate)
        {
            var known = _open.TryGetValue(segment, out var open) ? open.Fields : null;
            Dictionary<string, int>? fresh = null;
            foreach (var (name, kinds) in fields)
            {
                if (known is null || !known.TryGetValue(name, out var had) || (had & kinds) != kinds)
                {
                    (fresh ??= new(StringComparer.Ordinal))[name] = (int)kinds;
                }
            }

            return fresh;
        }
    }

    public void Seal(int number)
    {
        lock (_gate)
        {
            if (_open.Remove(number, out var segment) && segment.Rows > 0)
            {
                _sealed.Add(segment);
                Ring();
            }
        }
    }

    /// <summary>Seals what a killed run left open, and cuts off bytes that came after the last fact about them.</summary>
    public void Recover()
    {
        Segment[] left;
        lock (_gate)
        {
            left = [.. _open.Values];
        }

        foreach (var segment in left.Where(segment => !segment.IsGone))
        {
            if (new FileInfo(segment.Path) is not { Exists: true } found || found.Length < segment.Length)
            {
                throw WorkFolderErrors.Incomplete(segment.Path);
            }

            using (var file = new FileStream(segment.Path, FileMode.Open, FileAccess.Write))
            {
                file.SetLength(segment.Length);
            }
        }

        Array.ForEach(left, segment => Seal(segment.Number));
    }

    public int LastSegment()
    {
        lock (_gate)
        {
            return _pages.Count == 0 ? 0 : _pages.Max(page => page.Segment);
        }
    }

    public void Fail(Exception error)
    {
        lock (_gate)
        {
            _failure ??= error;
            Ring();
        }
    }

    public Task<bool> HasPageAsync(int index, CancellationToken cancel) => HasAsync(() => _pages.Count > index, cancel);

    public Task<bool> HasSegmentAsync(int index, CancellationToken cancel) => HasAsync(() => _sealed.Count > index, cancel);

    private async Task<bool> HasAsync(Func<bool> has, CancellationToken cancel)
    {
        while (true)
        {
            Task bell;
            lock (_gate)
            {
                if (has())
                {
                    return true;
                }

                if (_failure is not null)
                {
                    throw new FeedFailedException(_failure);
                }

                if (IsComplete)
                {
                    return false;
                }

                bell = _bell.Task;
            }

            await bell.WaitAsync(cancel);
        }
    }

    private void ApplyLocked(ManifestEntry entry, Func<ManifestEntry, Segment> newSegment)
    {
        switch (entry.Kind)
        {
            case ManifestEntry.Page:
                ApplyPage(entry, newSegment);
                break;
            case ManifestEntry.Gone:
                ApplyGone(entry.Segment);
                break;
            case ManifestEntry.Done:
                IsComplete = true;
                break;
            case ManifestEntry.Feed:
                break;
            default:
                StateOf(entry.Walk!).Apply(entry);
                break;
        }
    }

    private void ApplyPage(ManifestEntry entry, Func<ManifestEntry, Segment> newSegment)
    {
        if (entry.Rows > 0)
        {
            AddToSegment(entry, newSegment);
        }

        Rows += entry.Rows;
        Bytes += entry.Length;
        _present += entry.Length;
        PeakBytes = Math.Max(PeakBytes, _present);
        _pages.Add(entry with { Fields = null, Csv = null });
        StateOf(entry.Walk!).Apply(entry);
    }

    // While a manifest is read the segment is not sealed yet; while a run is going on it always is.
    private void ApplyGone(int number)
    {
        var segment = _open.GetValueOrDefault(number) ?? _sealed.First(one => one.Number == number);
        segment.IsGone = true;
        _present -= segment.Length;
    }

    private void AddToSegment(ManifestEntry entry, Func<ManifestEntry, Segment> newSegment)
    {
        if (!_open.TryGetValue(entry.Segment, out var segment))
        {
            _open[entry.Segment] = segment = newSegment(entry);
        }

        segment.Length = Math.Max(segment.Length, entry.Offset + entry.Length);
        segment.Rows += entry.Rows;
        segment.LargestRecord = Math.Max(segment.LargestRecord, entry.LargestRecord);
        segment.Fields.HasRepeatedNames |= entry.HasRepeatedNames;
        foreach (var (name, kinds) in entry.Fields ?? [])
        {
            segment.Fields.Add(name, (JsonKinds)kinds);
        }
    }

    private WalkState StateOf(string walk) =>
        _walks.TryGetValue(walk, out var state) ? state : _walks[walk] = new WalkState();

    private void Ring()
    {
        var bell = _bell;
        _bell = NewBell();
        bell.TrySetResult();
    }

    private static TaskCompletionSource NewBell() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
