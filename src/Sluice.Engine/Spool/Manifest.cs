using System.Text.Json;

namespace Sluice.Engine.Spool;

/// <summary>The append-only list of facts beside a feed's segments. A line counts once it is whole and on disk.</summary>
internal sealed class Manifest : IDisposable
{
    public const string FileName = "manifest.ndjson";
    private const int MaxLineBytes = 4 * 1024 * 1024;
    private readonly FileStream _file;

    private Manifest(FileStream file) => _file = file;

    /// <summary>Reads all whole lines, cuts off what a killed process left of a last one, and stands ready to append.</summary>
    public static (Manifest Manifest, IReadOnlyList<ManifestEntry> Entries) Open(string folder)
    {
        var file = new FileStream(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        var entries = new List<ManifestEntry>();
        file.SetLength(ReadWholeLines(file, entries));
        file.Seek(0, SeekOrigin.End);
        return (new Manifest(file), entries);
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

    private static long ReadWholeLines(FileStream file, List<ManifestEntry> entries)
    {
        using var reader = new BinaryReader(file, System.Text.Encoding.UTF8, leaveOpen: true);
        var bytes = reader.ReadBytes(checked((int)file.Length));
        var start = 0;
        while (bytes.AsSpan(start).IndexOf((byte)'\n') is var length and >= 0 and < MaxLineBytes)
        {
            if (!TryParse(bytes.AsSpan(start, length), out var entry))
            {
                break;
            }

            entries.Add(entry);
            start += length + 1;
        }

        return start;
    }

    // A torn line after a power loss can be whole in length and rubbish in content: everything from there on is unknown.
    private static bool TryParse(ReadOnlySpan<byte> line, out ManifestEntry entry)
    {
        try
        {
            entry = JsonSerializer.Deserialize(line, ManifestJson.Default.ManifestEntry)!;
            return entry is not null;
        }
        catch (JsonException)
        {
            entry = null!;
            return false;
        }
    }
}
