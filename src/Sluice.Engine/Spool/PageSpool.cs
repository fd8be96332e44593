using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Sluice.Engine.Extract;
using Sluice.Engine.Extract.Exports;

namespace Sluice.Engine.Spool;

/// <summary>
/// The durable pages of one extraction: segment files and a manifest. What the manifest tells is on disk for good, so that a killed run goes on from
/// there and no page is fetched twice.
/// </summary>
internal sealed class PageSpool : PageSink, IFileSink, IAsyncDisposable
{
    public const long DefaultSegmentBytes = 16 * 1024 * 1024;
    private const int LargestQueued = 1024 * 1024;
    private readonly SegmentList _segments;
    private readonly SegmentWriter _writer;
    private readonly Manifest _manifest;
    private readonly CommitQueue<Pending> _queue;
    private long _told;

    private PageSpool(string folder, ManifestEntry first, Manifest manifest, long segmentBytes)
    {
        (Folder, SegmentBytes, SpoolId) = (folder, segmentBytes, first.SpoolId!);
        Began = DateTimeOffset.FromUnixTimeSeconds(first.Began);
        From = first.From is { } from ? DateTimeOffset.FromUnixTimeSeconds(from) : null;
        _segments = new SegmentList(folder, SpoolId);
        _writer = new SegmentWriter(folder, segmentBytes);
        _manifest = manifest;
        _told = manifest.Length;
        _queue = new CommitQueue<Pending>(Commit, error => error as SluiceException ?? WorkFolder.Unwritable(folder, error), Fail);
    }

    public string SpoolId { get; }

    public override DateTimeOffset Began { get; }

    /// <summary>
    /// Where the records begin in time; null for all. One that goes on keeps the old value, which is no later than what is asked for.
    /// </summary>
    public DateTimeOffset? From { get; }

    public string Folder { get; }

    public long SegmentBytes { get; }

    public bool WasResumed { get; private set; }

    /// <summary>The largest size that the files had at one time in this run, in bytes.</summary>
    public long PeakBytes => _segments.PeakBytes;

    /// <summary>Sealed segments whose file was removed because the destination had them for good.</summary>
    public IReadOnlyList<string> RemovedPackages
    {
        get
        {
            lock (Gate)
            {
                return _segments.RemovedPackages;
            }
        }
    }

    /// <summary>Opens what a former run left, or begins anew when there is nothing, it was another question, or it is too old.</summary>
    public static PageSpool Open(string folder, SpoolHeader header, long segmentBytes = DefaultSegmentBytes)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return Resume(folder, header, segmentBytes) ?? Begin(folder, header, segmentBytes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw WorkFolder.Unwritable(folder, error);
        }
    }

    /// <summary>Hands a page over to be written; returns once it is queued, and for a large one when it is on disk.</summary>
    public override ValueTask AppendAsync(PageDraft page, CancellationToken cancel) =>
        page.Lines.Length > LargestQueued ? new ValueTask(_queue.AddAndWaitAsync(new Pending { Page = page }, cancel))
            : _queue.AddAsync(new Pending { Page = page }, cancel);

    public ValueTask AppendAsync(CsvDraft file, CancellationToken cancel) => _queue.AddAsync(new Pending { File = file }, cancel);

    public override ValueTask SkipAsync(string partition, string reason, CancellationToken cancel) =>
        _queue.AddAsync(new ManifestEntry { Kind = ManifestEntry.Skip, Partition = partition, Reason = reason }, cancel);

    public override ValueTask ExpectAsync(string partition, long expected, CancellationToken cancel) =>
        _queue.AddAsync(new ManifestEntry { Kind = ManifestEntry.Expect, Partition = partition, Expected = expected }, cancel);

    public override ValueTask SplitAsync(string partition, IReadOnlyList<string> into, CancellationToken cancel) =>
        _queue.AddAsync(new ManifestEntry { Kind = ManifestEntry.Split, Partition = partition, Into = into }, cancel);

    public override Task NoteAsync(string partition, string name, string value, CancellationToken cancel) =>
        _queue.AddAndWaitAsync(new ManifestEntry { Kind = ManifestEntry.Note, Partition = partition, Name = name, Value = value }, cancel);

    /// <summary>Removes a segment's file, once the destination has its rows for good and no child reads it; the manifest keeps its counts.</summary>
    public ValueTask RemoveAsync(Segment segment, CancellationToken cancel) =>
        _queue.AddAsync(new ManifestEntry { Kind = ManifestEntry.Gone, Segment = segment.Number }, cancel);

    /// <summary>Marks the extraction as read to its end; everything before is on disk when this returns.</summary>
    public override Task CompleteAsync(CancellationToken cancel) => _queue.AddAndWaitAsync(new ManifestEntry { Kind = ManifestEntry.Done }, cancel);

    /// <summary>Sealed segments, oldest first, each as soon as it is sealed; ends with the extraction.</summary>
    public async IAsyncEnumerable<Segment> SegmentsAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        for (var i = 0; await WaitAsync(() => _segments.Sealed.Count > i, cancel); i++)
        {
            Segment segment;
            lock (Gate)
            {
                segment = _segments.Sealed[i];
            }

            yield return segment;
        }
    }

    // Which pages there are is read from the manifest as it grows: a million of them would fill the memory.
    public override async IAsyncEnumerable<ReadOnlyMemory<byte>> PagesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        using var manifest = new ManifestReader(Folder);
        while (await WaitAsync(() => _told > manifest.Position, cancel))
        {
            while (manifest.TryRead(Interlocked.Read(ref _told), out var entry))
            {
                if (entry is { Kind: ManifestEntry.Page, Length: > 0 })
                {
                    yield return await _segments.ReadAsync(entry, cancel);
                }
            }
        }
    }

    /// <summary>The names of all partitions that have a page, read from the disk, where they are anyway.</summary>
    public IEnumerable<string> PartitionNames() => ManifestReader.PartitionNames(Folder, Interlocked.Read(ref _told));

    /// <summary>The epochs that the destination's tables had when these pages began to be read.</summary>
    public ConcurrentDictionary<string, long> Epochs { get; } = new(StringComparer.Ordinal);

    /// <summary>Notes the epoch of a destination's table for good, unless a stopped run has done so.</summary>
    public Task NoteEpochAsync(string table, long epoch, CancellationToken cancel) => Epochs.ContainsKey(table) ? Task.CompletedTask
        : _queue.AddAndWaitAsync(new ManifestEntry { Kind = ManifestEntry.Epoch, Name = table, Number = epoch }, cancel);

    public async ValueTask DisposeAsync()
    {
        await _queue.DisposeAsync();
        _writer.Dispose();
        _manifest.Dispose();
    }

    /// <summary>Removes the files; call it after <see cref="DisposeAsync"/>, once everything is committed elsewhere.</summary>
    public void Delete() => Delete(Folder);

    /// <summary>Moves the files out of the way of the next run; call it after <see cref="DisposeAsync"/>.</summary>
    public void MoveTo(string folder)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        Directory.Move(Folder, folder);
    }

    // Null when what is there is no answer to the question, or pages that the manifest tells of are not there: they can only be asked for again.
    private static PageSpool? Resume(string folder, SpoolHeader header, long segmentBytes)
    {
        var manifest = new Manifest(folder);
        using (var entries = new ManifestReader(folder))
        {
            if (entries.TryRead(long.MaxValue, out var first) && header.IsMetBy(first))
            {
                var spool = new PageSpool(folder, first, manifest, segmentBytes) { WasResumed = true };
                while (entries.TryRead(long.MaxValue, out var entry))
                {
                    spool.Apply(entry);
                }

                if (spool._segments.AreOnDisk())
                {
                    manifest.CutTo(entries.Position);
                    spool.Start();
                    return spool;
                }
            }
        }

        manifest.Dispose();
        Delete(folder);
        return null;
    }

    private static PageSpool Begin(string folder, SpoolHeader header, long segmentBytes)
    {
        Directory.CreateDirectory(folder);
        var (manifest, first) = (new Manifest(folder), header.ToEntry());
        manifest.Append([first]);
        var spool = new PageSpool(folder, first, manifest, segmentBytes);
        spool.Start();
        return spool;
    }

    private void Start()
    {
        _segments.Recover();
        _writer.GoOnBehind(_segments.Last);
        _told = _manifest.Length;
        _queue.Start();
    }

    private void Commit(IReadOnlyList<Pending> group)
    {
        var entries = group.Select(Write).ToList();
        _writer.Flush();
        _manifest.Append(entries);
        entries.ForEach(Tell);
        lock (Gate)
        {
            _told = _manifest.Length;
            if (_writer.IsFull)
            {
                Seal();
            }

            Signal();
        }
    }

    private ManifestEntry Write(Pending pending)
    {
        if (pending.Page is not { } page)
        {
            return pending.File is { } file ? _writer.Adopt(file) : pending.Entry!;
        }

        var entry = _writer.Write(page);
        lock (Gate)
        {
            return entry with { Fields = _segments.NewFields(entry.Segment, page.Fields) };
        }
    }

    // The last segment is sealed before anybody can hear that the extraction is complete, or its readers would go without it.
    private void Tell(ManifestEntry entry)
    {
        lock (Gate)
        {
            if (entry.Kind == ManifestEntry.Done)
            {
                Seal();
            }

            Apply(entry);
            if (entry.Csv is not null)
            {
                _segments.Seal(entry.Segment);
            }
        }

        if (entry.Kind == ManifestEntry.Gone)
        {
            // The manifest says so first: a file that is there all the same is only litter, one that is missed is a loss.
            File.Delete(_segments.PathOf(entry.Segment));
        }
    }

    private void Seal()
    {
        _writer.Close();
        _segments.Seal(_writer.Number);
    }

    private void Apply(ManifestEntry entry)
    {
        switch (entry.Kind)
        {
            case ManifestEntry.Page:
                _segments.Add(entry);
                AddPage(entry.Partition!, entry.Rows, entry.Length, entry.Next, entry.Last);
                break;
            case ManifestEntry.Gone:
                _segments.Remove(entry.Segment);
                break;
            case ManifestEntry.Done:
                MarkComplete();
                break;
            case ManifestEntry.Epoch:
                Epochs.TryAdd(entry.Name!, entry.Number);
                break;
            default:
                Change(entry.Partition!, entry.ApplyTo);
                break;
        }
    }

    // The manifest first: a run that is killed in between must not leave one that tells of segments that are gone.
    private static void Delete(string folder)
    {
        File.Delete(Path.Combine(folder, Manifest.FileName));
        Directory.Delete(folder, recursive: true);
    }
}
