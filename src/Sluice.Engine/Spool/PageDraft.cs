using System.Buffers;
using System.Runtime.InteropServices;
using Sluice.CustomerIo;

namespace Sluice.Engine.Spool;

/// <summary>One page's records as they will stand in a segment: one a line, stamped with what their parent adds.</summary>
internal sealed class PageDraft : IDisposable
{
    private readonly ArrayBufferWriter<byte> _lines;

    public PageDraft(string walk, int sizeHint = 4096)
    {
        Walk = walk;
        _lines = new ArrayBufferWriter<byte>(Math.Max(sizeHint, 256));
    }

    public string Walk { get; }

    public string? Next { get; init; }

    public bool Last { get; init; }

    public int Rows { get; private set; }

    public int LargestRecord { get; private set; }

    public FieldProfile Fields { get; } = new();

    public ReadOnlyMemory<byte> Lines => _lines.WrittenMemory;

    /// <summary>Copies a page's records. <paramref name="stamp"/> is a JSON object's beginning, <c>{"name":value,</c>, or empty.</summary>
    public static PageDraft From(string walk, Page page, ReadOnlySpan<byte> stamp)
    {
        var draft = new PageDraft(walk, page.Body.Length + (page.Records.Count * (stamp.Length + 1)))
        {
            Next = string.IsNullOrEmpty(page.Next) ? null : page.Next,
            Last = string.IsNullOrEmpty(page.Next),
        };
        for (var i = 0; i < page.Records.Count; i++)
        {
            draft.Add(page.Record(i).Span, stamp);
        }

        draft.Fields.Add(page.Fields);
        return draft;
    }

    /// <summary>Adds one record; its fields must be told to <see cref="Fields"/> by the caller.</summary>
    public void Add(ReadOnlySpan<byte> record, ReadOnlySpan<byte> stamp = default)
    {
        var before = _lines.WrittenCount;
        if (stamp.IsEmpty)
        {
            _lines.Write(record);
        }
        else
        {
            Stamp(record, stamp);
        }

        Flatten(before);
        _lines.Write("\n"u8);
        Rows++;
        LargestRecord = Math.Max(LargestRecord, _lines.WrittenCount - before);
    }

    /// <summary>Adds another draft's records and fields.</summary>
    public void Add(PageDraft other)
    {
        _lines.Write(other.Lines.Span);
        Rows += other.Rows;
        LargestRecord = Math.Max(LargestRecord, other.LargestRecord);
        Fields.Add(other.Fields);
    }

    public void Dispose() => _lines.ResetWrittenCount();

    private void Stamp(ReadOnlySpan<byte> record, ReadOnlySpan<byte> stamp)
    {
        var rest = record[1..].TrimStart(" \t\r\n"u8);
        _lines.Write(rest is [(byte)'}', ..] ? stamp[..^1] : stamp);
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
