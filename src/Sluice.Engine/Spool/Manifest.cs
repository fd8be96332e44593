using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

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
