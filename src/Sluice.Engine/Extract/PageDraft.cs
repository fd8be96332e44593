using System.Buffers;
using System.Runtime.InteropServices;
using Sluice.CustomerIo;

namespace Sluice.Engine.Extract;

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
