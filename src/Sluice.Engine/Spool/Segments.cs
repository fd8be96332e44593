using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Sluice.CustomerIo;
using Sluice.Engine.Extract;
using Sluice.Engine.Extract.Exports;

namespace Sluice.Engine.Spool;

/// <summary>The segments that a manifest tells of, open and sealed; its spool's lock guards it.</summary>
internal sealed class SegmentList(string folder, string spoolId)
{
    private readonly SortedDictionary<int, Segment> _open = [];
    private readonly List<Segment> _sealed = [];
    private long _present;

    /// <summary>Sealed segments, oldest first.</summary>
    public IReadOnlyList<Segment> Sealed => _sealed;

    /// <summary>The highest number that a page has named.</summary>
    public int Last { get; private set; }

    public long PeakBytes { get; private set; }

    public IReadOnlyList<string> RemovedPackages => [.. _sealed.Where(segment => segment.IsGone).Select(segment => segment.PackageId)];

    public string PathOf(int number) => Of(number).Path;

    public void Add(ManifestEntry page)
    {
        Last = Math.Max(Last, page.Segment);
        if (page.Rows == 0)
        {
            return;
        }

        if (!_open.TryGetValue(page.Segment, out var segment))
        {
            _open[page.Segment] = segment = new Segment(
                page.Segment, Segment.PathIn(folder, page.Segment, page.Csv is not null), $"{spoolId}/{page.Segment}")
            {
                Csv = page.Csv,
            };
        }

        _present += page.Length;
        PeakBytes = Math.Max(PeakBytes, _present);
        segment.Length = Math.Max(segment.Length, page.Offset + page.Length);
        segment.Rows += page.Rows;
        segment.LargestRecord = Math.Max(segment.LargestRecord, page.LargestRecord);
        segment.Fields.HasRepeatedNames |= page.HasRepeatedNames;
        foreach (var (name, kinds) in page.Fields ?? [])
        {
            segment.Fields.Add(name, (JsonKinds)kinds);
        }
    }

    /// <summary>Notes that a segment's file is gone.</summary>
    public void Remove(int number)
    {
        var segment = Of(number);
        segment.IsGone = true;
        _present -= segment.Length;
    }

    public void Seal(int number)
    {
        if (_open.Remove(number, out var segment) && segment.Rows > 0)
        {
            _sealed.Add(segment);
        }
    }

    /// <summary>The fields that a segment does not know yet, or not with these kinds: only they go into the manifest's line.</summary>
    public Dictionary<string, int>? NewFields(int number, FieldProfile fields)
    {
        var known = _open.TryGetValue(number, out var open) ? open.Fields : null;
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

    /// <summary>Whether every file has what the manifest says.</summary>
    public bool AreOnDisk() =>
        _open
            .Values.Where(segment => !segment.IsGone)
            .All(segment => new FileInfo(segment.Path) is { Exists: true } file && file.Length >= segment.Length);

    /// <summary>Seals what a killed run left open, and cuts off bytes that came after the last fact about them.</summary>
    public void Recover()
    {
        foreach (var segment in _open.Values.ToList())
        {
            if (!segment.IsGone)
            {
                using var file = new FileStream(segment.Path, FileMode.Open, FileAccess.Write);
                file.SetLength(segment.Length);
            }

            Seal(segment.Number);
        }
    }

    /// <summary>The lines of one page.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(ManifestEntry page, CancellationToken cancel)
    {
        var path = Segment.PathIn(folder, page.Segment);
        using var file = OpenFile(path);
        var bytes = new byte[page.Length];
        for (var read = 0; read < bytes.Length;)
        {
            var got = await RandomAccess.ReadAsync(file, bytes.AsMemory(read), page.Offset + read, cancel);
            read += got > 0 ? got : throw WorkFolder.Incomplete(path);
        }

        return bytes;
    }

    // While a manifest is read the segment is not sealed yet; while a run is going on it always is.
    private Segment Of(int number) => _open.GetValueOrDefault(number) ?? _sealed.First(segment => segment.Number == number);

    private static SafeFileHandle OpenFile(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw WorkFolder.Incomplete(path, error);
        }
    }
}

/// <summary>A file of newline-delimited records and what is known of them: the unit that is loaded as one package.</summary>
internal sealed class Segment(int number, string path, string packageId)
{
    public int Number { get; } = number;

    public string Path { get; } = path;

    /// <summary>Names the segment for ever and everywhere: a destination that has seen it does not load it again.</summary>
    public string PackageId { get; } = packageId;

    /// <summary>Bytes that count; the file may hold more after a kill.</summary>
    public long Length { get; set; }

    public long Rows { get; set; }

    public int LargestRecord { get; set; }

    /// <summary>How the file is to be understood as CSV; null when it holds lines of JSON.</summary>
    public CsvForm? Csv { get; init; }

    /// <summary>Whether the file was removed because the destination has the rows for good.</summary>
    public bool IsGone { get; set; }

    public FieldProfile Fields { get; } = new();

    public static string PathIn(string folder, int number, bool isCsv = false) =>
        System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"segment-{number:D5}.{(isCsv ? "csv" : "ndjson")}"));
}

/// <summary>Writes pages of many partitions into one segment file at a time, and takes over whole files.</summary>
internal sealed class SegmentWriter(string folder, long segmentBytes) : IDisposable
{
    // DuckDB parses 2,048 rows at a time, and what it makes of them takes their bytes several times over.
    private const long LongRow = 2048;
    private const long LongRowsBytes = 4 << 20;

    private FileStream? _file;
    private long _rows;

    /// <summary>The number of the last segment.</summary>
    public int Number { get; private set; }

    public bool IsFull => _file?.Length is { } length && (length >= segmentBytes || (length >= LongRowsBytes && length / LongRow >= _rows));

    /// <summary>Begins with a new segment: a killed run may have left bytes behind the last known page of the old one.</summary>
    public void GoOnBehind(int number) => Number = number;

    public ManifestEntry Write(PageDraft page)
    {
        if (page.Rows > 0)
        {
            _file ??= OpenNext(page.Lines.Length);
        }

        var offset = _file?.Length ?? 0;
        if (page.Rows > 0)
        {
            _file!.Write(page.Lines.Span);
            _file.Flush();
            _rows += page.Rows;
        }

        return new ManifestEntry
        {
            Kind = ManifestEntry.Page,
            Partition = page.Partition,
            Segment = Number,
            Offset = offset,
            Length = page.Lines.Length,
            Rows = page.Rows,
            LargestRecord = page.LargestRecord,
            Next = page.Next,
            Last = page.Last,
            HasRepeatedNames = page.Fields.HasRepeatedNames,
        };
    }

    /// <summary>Takes over a file that was forced to disk by whoever wrote it; of a name that a killed run has left, nobody knows.</summary>
    public ManifestEntry Adopt(CsvDraft file)
    {
        if (_file is not null)
        {
            throw new InvalidOperationException("An extraction's segments are all CSV or all JSON.");
        }

        Number++;
        File.Move(file.Path, Segment.PathIn(folder, Number, isCsv: true), overwrite: true);
        return new ManifestEntry
        {
            Kind = ManifestEntry.Page,
            Partition = file.Partition,
            Segment = Number,
            Length = file.Length,
            Rows = file.Rows,
            LargestRecord = file.LargestRecord,
            Fields = file.Fields.ToDictionary(field => field.Key, field => (int)field.Value, StringComparer.Ordinal),
            Csv = file.Form,
        };
    }

    public void Flush() => _file?.Flush(flushToDisk: true);

    public void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    public void Dispose() => Close();

    // A full disk is better met here, between two segments and with words, than in the middle of a page.
    private FileStream OpenNext(long firstPage)
    {
        WorkFolder.RequireSpace(folder, Math.Max(segmentBytes, firstPage));
        Number++;
        _rows = 0;
        return new FileStream(Segment.PathIn(folder, Number), FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
    }
}
