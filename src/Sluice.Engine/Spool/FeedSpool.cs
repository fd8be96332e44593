using System.Runtime.CompilerServices;

namespace Sluice.Engine.Spool;

/// <summary>
/// The durable pages of one feed: segment files of newline-delimited JSON and a manifest. What the manifest tells is on disk for
/// good, so that a killed run goes on from there and no page is fetched twice.
/// </summary>
internal sealed class FeedSpool : IAsyncDisposable
{
    private readonly SpoolLog _log;
    private readonly SpoolWriter _writer;
    private readonly string _folder;

    private FeedSpool(string folder, ManifestEntry first, SpoolWriter writer, SpoolLog log)
    {
        _folder = folder;
        SpoolId = first.SpoolId!;
        Began = DateTimeOffset.FromUnixTimeSeconds(first.Began);
        From = first.From is { } from ? DateTimeOffset.FromUnixTimeSeconds(from) : null;
        _writer = writer;
        _log = log;
    }

    public string SpoolId { get; }

    /// <summary>When the feed was first begun, by Customer.io's clock; a resumed feed keeps the old value.</summary>
    public DateTimeOffset Began { get; }

    /// <summary>Where the records begin in time; null for all. A resumed feed keeps the old value, which is no later than what is asked for.</summary>
    public DateTimeOffset? From { get; }

    public bool WasResumed { get; private init; }

    public long Bytes => _log.Bytes;

    public long Rows => _log.Rows;

    public IReadOnlyDictionary<string, string> Skips => _log.Skips;

    /// <summary>The feed's folder, for files that become segments.</summary>
    public string Folder => _folder;

    /// <summary>Bytes after which a segment is closed.</summary>
    public long SegmentBytes { get; private init; }

    /// <summary>What the walks have noted under a name, one of each that has; empty notes count as none.</summary>
    public IReadOnlyList<string> Notes(string name) => _log.Notes(name);

    /// <summary>The names of all walks that have a page.</summary>
    public IReadOnlyCollection<string> Walks => _log.Walks;

    /// <summary>The walks of which Customer.io says how many records they have.</summary>
    public IReadOnlyList<CountedRows> Counted => _log.Counted;

    /// <summary>The largest size that the files had at one time in this run, in bytes.</summary>
    public long PeakBytes => _log.PeakBytes;

    /// <summary>Sealed segments whose file was removed because the destination had them for good.</summary>
    public IReadOnlyList<string> RemovedPackages => _log.RemovedPackages;

    /// <summary>Opens what a former run left, or begins anew when there is nothing, it was another question, or it is too old.</summary>
    public static FeedSpool Open(string folder, SpoolHeader header, long segmentBytes = SpoolWriter.DefaultSegmentBytes)
    {
        try
        {
            return OpenOrBegin(folder, header, segmentBytes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw WorkFolderErrors.Writing(folder, error);
        }
    }

    public WalkState Walk(string walk) => _log.Walk(walk);

    /// <summary>Hands a page over to be written; returns once it is queued, at the latest when the queue has room.</summary>
    public ValueTask AppendAsync(PageDraft page, CancellationToken cancel) => _writer.AppendAsync(page, cancel);

    /// <summary>Hands a file of CSV over, which becomes a segment of its own.</summary>
    public ValueTask AppendAsync(CsvDraft file, CancellationToken cancel) => _writer.AppendAsync(file, cancel);

    /// <summary>Notes something for whoever goes on with the walk; it is on disk when this returns.</summary>
    public Task NoteAsync(string walk, string name, string value, CancellationToken cancel) =>
        _writer.NoteAsync(new ManifestEntry { Kind = ManifestEntry.Note, Walk = walk, Name = name, Value = value }, cancel);

    public ValueTask SkipAsync(string walk, string reason, CancellationToken cancel) =>
        _writer.AppendAsync(new ManifestEntry { Kind = ManifestEntry.Skip, Walk = walk, Reason = reason }, cancel);

    /// <summary>Keeps how many records Customer.io says a walk has; a later number takes the place of an earlier one.</summary>
    public ValueTask ExpectAsync(string walk, long expected, CancellationToken cancel) =>
        _writer.AppendAsync(new ManifestEntry { Kind = ManifestEntry.Expect, Walk = walk, Expected = expected }, cancel);

    public ValueTask SplitAsync(string walk, IReadOnlyList<string> into, CancellationToken cancel) =>
        _writer.AppendAsync(new ManifestEntry { Kind = ManifestEntry.Split, Walk = walk, Into = into }, cancel);

    /// <summary>Removes a segment's file, once the destination has its rows for good and no child reads it; the manifest keeps its counts.</summary>
    public ValueTask RemoveAsync(Segment segment, CancellationToken cancel) =>
        _writer.AppendAsync(new ManifestEntry { Kind = ManifestEntry.Gone, Segment = segment.Number }, cancel);

    /// <summary>Marks the feed as read to its end; everything before is on disk when this returns.</summary>
    public Task CompleteAsync(CancellationToken cancel) => _writer.CompleteAsync(cancel);

    /// <summary>Tells everybody who waits for more that no more will come, and why.</summary>
    public void Fail(Exception error) => _log.Fail(error);

    public bool IsComplete => _log.IsComplete;

    /// <summary>Sealed segments, oldest first, each as soon as it is sealed; ends with the feed.</summary>
    public async IAsyncEnumerable<Segment> SegmentsAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        for (var i = 0; await _log.HasSegmentAsync(i, cancel); i++)
        {
            yield return _log.Segment(i);
        }
    }

    /// <summary>Every page's lines, oldest first, each as soon as it is durable; ends with the feed.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> PagesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        for (var i = 0; await _log.HasPageAsync(i, cancel); i++)
        {
            var page = _log.Page(i);
            if (page.Length > 0)
            {
                yield return await ReadAsync(page, cancel);
            }
        }
    }

    /// <summary>Waits until the feed is read to its end; throws when it fails.</summary>
    public Task ReadToEndAsync(CancellationToken cancel) => _log.HasPageAsync(int.MaxValue, cancel);

    public async ValueTask DisposeAsync() => await _writer.DisposeAsync();

    /// <summary>Removes the feed's files; call it after <see cref="DisposeAsync"/>, once everything is committed elsewhere.</summary>
    public void Delete() => Delete(_folder);

    /// <summary>Moves the feed's files out of the way of the next run; call it after <see cref="DisposeAsync"/>.</summary>
    public void MoveTo(string folder)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        Directory.Move(_folder, folder);
    }

    internal static string SegmentPath(string folder, int number, bool isCsv = false) => Path.Combine(folder, $"segment-{number:D5}.{(isCsv ? "csv" : "ndjson")}");

    internal static Segment NewSegment(string folder, string spoolId, ManifestEntry page) =>
        new(page.Segment, SegmentPath(folder, page.Segment, page.Csv is not null), $"{spoolId}/{page.Segment}") { Csv = page.Csv };

    private static FeedSpool OpenOrBegin(string folder, SpoolHeader header, long segmentBytes)
    {
        Directory.CreateDirectory(folder);
        var (manifest, entries) = Manifest.Open(folder);
        if (Fits(entries, header) && HasItsSegments(folder, entries))
        {
            return Resume(folder, manifest, entries, segmentBytes);
        }

        manifest.Dispose();
        Delete(folder);
        Directory.CreateDirectory(folder);
        return Begin(folder, header, segmentBytes);
    }

    private static bool Fits(IReadOnlyList<ManifestEntry> entries, SpoolHeader header) =>
        entries is [{ Kind: ManifestEntry.Feed } first, ..]
        && string.Equals(first.Fingerprint, header.Fingerprint, StringComparison.Ordinal)
        && header.Now - DateTimeOffset.FromUnixTimeSeconds(first.Began) < header.MaxAge
        && (first.From is null || first.From <= header.From?.ToUnixTimeSeconds());

    // Pages that the manifest tells of and the disk does not have can only be asked for again.
    private static bool HasItsSegments(string folder, IReadOnlyList<ManifestEntry> entries) => entries
        .Where(entry => entry.Kind == ManifestEntry.Page && entry.Rows > 0)
        .GroupBy(entry => entry.Segment)
        .ExceptBy(entries.Where(entry => entry.Kind == ManifestEntry.Gone).Select(entry => entry.Segment), pages => pages.Key)
        .All(pages => new FileInfo(SegmentPath(folder, pages.Key, pages.First().Csv is not null)) is { Exists: true } file && file.Length >= pages.Max(page => page.Offset + page.Length));

    // The manifest first: a run that is killed in between must not leave one that tells of segments that are gone.
    private static void Delete(string folder)
    {
        File.Delete(Path.Combine(folder, Manifest.FileName));
        Directory.Delete(folder, recursive: true);
    }

    private static FeedSpool Begin(string folder, SpoolHeader header, long segmentBytes)
    {
        var (manifest, _) = Manifest.Open(folder);
        var first = new ManifestEntry
        {
            Kind = ManifestEntry.Feed,
            SpoolId = Guid.NewGuid().ToString("N"),
            Fingerprint = header.Fingerprint,
            Began = header.Now.ToUnixTimeSeconds(),
            From = header.From?.ToUnixTimeSeconds(),
        };
        manifest.Append([first]);
        return Start(folder, manifest, [first], segmentBytes, resumed: false);
    }

    private static FeedSpool Resume(string folder, Manifest manifest, IReadOnlyList<ManifestEntry> entries, long segmentBytes) =>
        Start(folder, manifest, entries, segmentBytes, resumed: true);

    private static FeedSpool Start(
        string folder, Manifest manifest, IReadOnlyList<ManifestEntry> entries, long segmentBytes, bool resumed)
    {
        var first = entries[0];
        var log = new SpoolLog();
        foreach (var entry in entries)
        {
            log.Apply(entry, page => NewSegment(folder, first.SpoolId!, page));
        }

        log.Recover();
        var writer = new SpoolWriter(folder, first.SpoolId!, manifest, log, segmentBytes);
        return new FeedSpool(folder, first, writer, log)
        {
            WasResumed = resumed,
            SegmentBytes = segmentBytes,
        };
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(ManifestEntry page, CancellationToken cancel)
    {
        using var file = OpenSegment(SegmentPath(_folder, page.Segment));
        var bytes = new byte[page.Length];
        var read = 0;
        while (read < bytes.Length)
        {
            var got = await RandomAccess.ReadAsync(file, bytes.AsMemory(read), page.Offset + read, cancel);
            if (got == 0)
            {
                throw WorkFolderErrors.Incomplete(SegmentPath(_folder, page.Segment));
            }

            read += got;
        }

        return bytes;
    }

    private static Microsoft.Win32.SafeHandles.SafeFileHandle OpenSegment(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw WorkFolderErrors.Incomplete(path, error);
        }
    }
}
