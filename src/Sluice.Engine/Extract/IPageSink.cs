using System.Buffers;
using System.Runtime.InteropServices;
using Sluice.CustomerIo;
using Sluice.Engine.Extract.Exports;

namespace Sluice.Engine.Extract;

/// <summary>Where the pages of one extraction go, and what is known of its partitions so far: on disk in a run, in memory for a query.</summary>
internal interface IPageSink
{
    /// <summary>When the extraction was first begun, by Customer.io's clock; one that goes on keeps the old value.</summary>
    DateTimeOffset Began { get; }

    /// <summary>Whether whoever takes the rows wants no more of them.</summary>
    bool HasEnough { get; }

    /// <summary>How far a partition is.</summary>
    PartitionState Partition(string name);

    /// <summary>Takes a partition for reading: false when it is read already, or is being read.</summary>
    bool TryBegin(string partition);

    /// <summary>What the partitions have noted under a name, one of each that has; empty notes count as none.</summary>
    IReadOnlyList<string> Notes(string name);

    /// <summary>Takes a page; returns at the latest when there is room for it.</summary>
    ValueTask AppendAsync(PageDraft page, CancellationToken cancel);

    /// <summary>Leaves a partition out, with the reason.</summary>
    ValueTask SkipAsync(string partition, string reason, CancellationToken cancel);

    /// <summary>Keeps how many records Customer.io says a partition has; a later number takes the place of an earlier one.</summary>
    ValueTask ExpectAsync(string partition, long expected, CancellationToken cancel);

    /// <summary>Puts smaller partitions in the place of one.</summary>
    ValueTask SplitAsync(string partition, IReadOnlyList<string> into, CancellationToken cancel);

    /// <summary>Notes something for whoever goes on with a partition; it is kept for good when this returns.</summary>
    Task NoteAsync(string partition, string name, string value, CancellationToken cancel);

    /// <summary>Every page's lines, oldest first, each as soon as it is kept; ends with the extraction.</summary>
    IAsyncEnumerable<ReadOnlyMemory<byte>> PagesAsync(CancellationToken cancel);

    /// <summary>Marks the extraction as read to its end.</summary>
    Task CompleteAsync(CancellationToken cancel);

    /// <summary>Tells everybody who waits for more that no more will come, and why.</summary>
    void Fail(Exception error);
}

/// <summary>A sink that takes whole files, as exports have them.</summary>
internal interface IFileSink : IPageSink
{
    /// <summary>The folder for files on their way.</summary>
    string Folder { get; }

    /// <summary>Bytes after which a file is handed over.</summary>
    long SegmentBytes { get; }

    /// <summary>Takes a file of CSV.</summary>
    ValueTask AppendAsync(CsvDraft file, CancellationToken cancel);
}

/// <summary>One page's records as they will stand in a segment: one a line, with what their parent adds.</summary>
internal sealed class PageDraft
{
    private readonly ArrayBufferWriter<byte> _lines;

    public PageDraft(string partition, int sizeHint = 4096)
    {
        Partition = partition;
        _lines = new ArrayBufferWriter<byte>(Math.Max(sizeHint, 256));
    }

    public string Partition { get; }

    public string? Next { get; init; }

    public bool Last { get; init; }

    public int Rows { get; private set; }

    public int LargestRecord { get; private set; }

    public FieldProfile Fields { get; } = new();

    public ReadOnlyMemory<byte> Lines => _lines.WrittenMemory;

    /// <summary>Adds one record; its fields must be told to <see cref="Fields"/> by the caller.</summary>
    public void Add(ReadOnlySpan<byte> record, ReadOnlySpan<byte> injected = default)
    {
        var before = _lines.WrittenCount;
        if (injected.IsEmpty)
        {
            _lines.Write(record);
        }
        else
        {
            Inject(record, injected);
        }

        Flatten(before);
        _lines.Write("\n"u8);
        Rows++;
        LargestRecord = Math.Max(LargestRecord, _lines.WrittenCount - before);
    }

    private void Inject(ReadOnlySpan<byte> record, ReadOnlySpan<byte> injected)
    {
        var rest = record[1..].TrimStart(" \t\r\n"u8);
        _lines.Write(rest is [(byte)'}', ..] ? injected[..^1] : injected);
        _lines.Write(rest);
    }

    // Inside strings JSON has its line ends escaped, so a raw one stands between tokens and may become a space.
    private void Flatten(int from)
    {
        var line = _lines.WrittenSpan[from..];
        if (line.IndexOfAny((byte)'\n', (byte)'\r') < 0)
        {
            return;
        }

        var writable = MemoryMarshal.AsMemory(_lines.WrittenMemory).Span[from..];
        writable.Replace((byte)'\n', (byte)' ');
        writable.Replace((byte)'\r', (byte)' ');
    }
}

/// <summary>How far a partition is (all pages of a list, one window, one parent, one batch), by what the sink has kept.</summary>
internal sealed class PartitionState
{
    private static readonly Dictionary<string, string> NoNotes = new(StringComparer.Ordinal);

    /// <summary>A partition that was read to its end and of which nothing else is worth keeping.</summary>
    public static PartitionState Done { get; } = new() { IsDone = true };

    public int Pages { get; private set; }

    public long Rows { get; private set; }

    /// <summary>Records that Customer.io says there are; null if it has not been asked.</summary>
    public long? Expected { get; private set; }

    /// <summary>The cursor of the page to ask for next; null before the first page.</summary>
    public string? Next { get; private set; }

    /// <summary>Nothing of it is left to ask for: read to its end, skipped, or replaced by smaller partitions.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Whether somebody reads it in this run.</summary>
    public bool IsBegun { get; set; }

    /// <summary>Why it was left out, when it was.</summary>
    public string? SkipReason { get; private set; }

    /// <summary>What its reader has noted for whoever goes on, by name.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; private set; } = NoNotes;

    /// <summary>The smaller partitions that took its place.</summary>
    public IReadOnlyList<string>? SplitInto { get; private set; }

    /// <summary>Whether fewer records came than Customer.io says there are.</summary>
    public bool IsShort => Rows < Expected;

    /// <summary>Whether it is read and everything came: nobody needs more of it than that.</summary>
    public bool IsPlainlyDone => IsDone && SkipReason is null && SplitInto is null && Notes.Count == 0 && !IsShort;

    public void AddPage(int rows, string? next, bool last)
    {
        (Pages, Rows) = (Pages + 1, Rows + rows);
        (Next, IsDone) = (next, last);
    }

    public void Skip(string reason) => (IsDone, SkipReason) = (true, reason);

    public void Split(IReadOnlyList<string> into) => (IsDone, SplitInto) = (true, into);

    public void Expect(long? expected) => Expected = expected;

    // The dictionary is replaced, because its readers hold no lock.
    public void Note(string name, string value) => Notes = new Dictionary<string, string>(Notes, StringComparer.Ordinal) { [name] = value };
}

/// <summary>What Customer.io says of the lengths of partitions, beside what came.</summary>
/// <param name="Partitions">How many have a number; 0 when none was asked for.</param>
/// <param name="Expected">Their records, added up.</param>
/// <param name="Short">Those of which fewer came.</param>
internal sealed record CountedPartitions(int Partitions, long Expected, IReadOnlyList<CountedPartition> Short);

/// <summary>A partition with the number of records that Customer.io says it has.</summary>
internal sealed record CountedPartition(string Name, long Expected, long Rows);
