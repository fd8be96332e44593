using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Engine.Extract;
using Sluice.Engine.Extract.Exports;

namespace Sluice.Engine.Spool;

/// <summary>The append-only list of facts beside an extraction's segments. A line counts once it is whole and on disk.</summary>
internal sealed class Manifest(string folder) : IDisposable
{
    public const string FileName = "manifest.ndjson";

    private readonly FileStream _file = new(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);

    public long Length => _file.Length;

    /// <summary>Cuts off what a killed process left of a last line.</summary>
    public void CutTo(long length)
    {
        _file.SetLength(length);
        _file.Seek(0, SeekOrigin.End);
    }

    public void Append(IEnumerable<ManifestEntry> entries)
    {
        foreach (var entry in entries)
        {
            _file.Write(JsonSerializer.SerializeToUtf8Bytes(entry, ManifestJson.Default.ManifestEntry));
            _file.WriteByte((byte)'\n');
        }

        _file.Flush(flushToDisk: true);
    }

    public void Dispose() => _file.Dispose();
}

/// <summary>Reads a manifest entry by entry, also while it grows: it can be larger than the memory.</summary>
internal sealed class ManifestReader(string folder) : IDisposable
{
    private const int MaxLineBytes = 4 * 1024 * 1024;

    private readonly FileStream _file = new(
        Path.Combine(folder, Manifest.FileName), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _filled;

    /// <summary>Where the last entry ended that was read.</summary>
    public long Position { get; private set; }

    /// <summary>
    /// Reads the next entry, if it ends before that position; false also where a line is damaged: everything from there on is unknown.
    /// </summary>
    public bool TryRead(long until, [NotNullWhen(true)] out ManifestEntry? entry)
    {
        entry = null;
        int length;
        while ((length = _buffer.AsSpan(_start, _filled - _start).IndexOf((byte)'\n')) < 0)
        {
            if (!Fill())
            {
                return false;
            }
        }

        if (Position + length >= until || !TryParse(_buffer.AsSpan(_start, length), out entry))
        {
            return false;
        }

        _start += length + 1;
        Position += length + 1;
        return true;
    }

    /// <summary>The names of the partitions with pages before that position, once for each page.</summary>
    public static IEnumerable<string> PartitionNames(string folder, long until)
    {
        using var manifest = new ManifestReader(folder);
        while (manifest.TryRead(until, out var entry))
        {
            if (entry.Kind == ManifestEntry.Page)
            {
                yield return entry.Partition!;
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private bool Fill()
    {
        if (_filled - _start >= MaxLineBytes)
        {
            return false;
        }

        if (_start > 0)
        {
            _buffer.AsSpan(_start, _filled - _start).CopyTo(_buffer);
            (_start, _filled) = (0, _filled - _start);
        }

        if (_filled == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = _file.Read(_buffer, _filled, _buffer.Length - _filled);
        _filled += read;
        return read > 0;
    }

    // A torn line after a power loss can be whole in length and rubbish in content.
    private static bool TryParse(ReadOnlySpan<byte> line, [NotNullWhen(true)] out ManifestEntry? entry)
    {
        try
        {
            entry = JsonSerializer.Deserialize(line, ManifestJson.Default.ManifestEntry);
            return entry is not null;
        }
        catch (JsonException)
        {
            entry = null;
            return false;
        }
    }
}

/// <summary>One line of a manifest: a fact about the extraction that is on disk for good.</summary>
internal sealed record ManifestEntry
{
    public const string Feed = "feed";
    public const string Page = "page";
    public const string Split = "split";
    public const string Skip = "skip";
    public const string Gone = "gone";
    public const string Done = "done";
    public const string Expect = "expect";
    public const string Note = "note";
    public const string Epoch = "epoch";

    /// <summary>Tells a partition's state what the entry says.</summary>
    public void ApplyTo(PartitionState state)
    {
        switch (Kind)
        {
            case Skip:
                state.Skip(Reason ?? "");
                break;
            case Split:
                state.Split(Into!);
                break;
            case Expect:
                state.Expect(Expected);
                break;
            case Note:
                state.Note(Name!, Value ?? "");
                break;
        }
    }

    [JsonPropertyName("k")]
    public required string Kind { get; init; }

    /// <summary>The partition (all pages, one window, one parent, one batch) that the fact belongs to.</summary>
    [JsonPropertyName("walk")]
    public string? Partition { get; init; }

    [JsonPropertyName("seg")]
    public int Segment { get; init; }

    [JsonPropertyName("off")]
    public long Offset { get; init; }

    [JsonPropertyName("len")]
    public int Length { get; init; }

    [JsonPropertyName("rows")]
    public int Rows { get; init; }

    /// <summary>Bytes of the largest record on the page: DuckDB's reader wants to know before it reads.</summary>
    [JsonPropertyName("max")]
    public int LargestRecord { get; init; }

    /// <summary>The cursor to ask with next; absent on the last page of a partition.</summary>
    [JsonPropertyName("next")]
    public string? Next { get; init; }

    [JsonPropertyName("last")]
    public bool Last { get; init; }

    /// <summary>Top-level fields and their JSON kinds, only where the segment did not know them yet.</summary>
    [JsonPropertyName("fields")]
    public Dictionary<string, int>? Fields { get; init; }

    /// <summary>Whether a record of the page had the same key twice.</summary>
    [JsonPropertyName("repeats")]
    public bool HasRepeatedNames { get; init; }

    /// <summary>Records that Customer.io says the partition has.</summary>
    [JsonPropertyName("expected")]
    public long? Expected { get; init; }

    /// <summary>How the segment's CSV is to be understood; absent when its records are lines of JSON.</summary>
    [JsonPropertyName("csv")]
    public CsvForm? Csv { get; init; }

    /// <summary>What a note is called, of which the last one counts; the table of an epoch.</summary>
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("value")]
    public string? Value { get; init; }

    /// <summary>The epoch of the destination's table that is named.</summary>
    [JsonPropertyName("n")]
    public long Number { get; init; }

    [JsonPropertyName("into")]
    public IReadOnlyList<string>? Into { get; init; }

    [JsonPropertyName("why")]
    public string? Reason { get; init; }

    [JsonPropertyName("id")]
    public string? SpoolId { get; init; }

    [JsonPropertyName("fingerprint")]
    public string? Fingerprint { get; init; }

    /// <summary>Where the records begin in time, in unix seconds; absent for all of time.</summary>
    [JsonPropertyName("from")]
    public long? From { get; init; }

    /// <summary>When the extraction was begun by Customer.io's clock, in unix seconds: windows of a resumed one end here too.</summary>
    [JsonPropertyName("began")]
    public long Began { get; init; }
}

/// <summary>What waits to be written: a page, a file or a fact.</summary>
internal sealed record Pending
{
    public PageDraft? Page { get; init; }

    public CsvDraft? File { get; init; }

    public ManifestEntry? Entry { get; init; }

    public static implicit operator Pending(ManifestEntry entry) => new() { Entry = entry };
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(ManifestEntry))]
internal sealed partial class ManifestJson : JsonSerializerContext;

/// <summary>What makes a spool on disk the spool of this extraction: another fingerprint is another question to Customer.io.</summary>
internal sealed record SpoolHeader(string Fingerprint, DateTimeOffset Now)
{
    /// <summary>An unfinished listing older than this is thrown away: it would be a mix of two days.</summary>
    public static readonly TimeSpan AgeOfAListing = TimeSpan.FromHours(24);

    /// <summary>Windows of the past hold as long as a look-back reads again what may have changed in them.</summary>
    public static readonly TimeSpan AgeOfWindows = TimeSpan.FromDays(14);

    /// <summary>The age at which an unfinished spool is thrown away.</summary>
    public TimeSpan MaxAge { get; init; } = AgeOfAListing;

    /// <summary>Where the records begin in time; null for all. A spool that begins earlier holds everything that is asked for.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Whether a spool that begins with this line holds the answer, or a part of it.</summary>
    public bool IsMetBy(ManifestEntry first) =>
        first.Kind == ManifestEntry.Feed
        && string.Equals(first.Fingerprint, Fingerprint, StringComparison.Ordinal)
        && Now - DateTimeOffset.FromUnixTimeSeconds(first.Began) < MaxAge
        && (first.From is null || first.From <= From?.ToUnixTimeSeconds());

    /// <summary>The first line of a new spool.</summary>
    public ManifestEntry ToEntry() => new()
    {
        Kind = ManifestEntry.Feed,
        SpoolId = Guid.NewGuid().ToString("N"),
        Fingerprint = Fingerprint,
        Began = Now.ToUnixTimeSeconds(),
        From = From?.ToUnixTimeSeconds(),
    };
}
