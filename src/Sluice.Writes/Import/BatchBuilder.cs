using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Import;

/// <summary>Collects the rows of one request after another.</summary>
/// <param name="operation">What is done with them.</param>
/// <param name="first">The number of the first request.</param>
internal sealed class BatchBuilder(Operation operation, int first = 1)
{
    // Dozens of requests are on their way at once: what only making one needs is used again for the next.
    private readonly ArrayBufferWriter<byte> _written = new(64 * 1024);
    private readonly List<BatchItem> _rows = [];
    private readonly List<ulong> _hashes = [];
    private readonly Dictionary<string, int> _keys = new(StringComparer.Ordinal);
    private readonly byte[] _head = Encoding.UTF8.GetBytes(operation.Head);
    private readonly byte[] _tail = Encoding.UTF8.GetBytes(operation.Tail);

    private int _number = first;
    private int _merged;
    private int _bytes;

    public bool IsEmpty => _rows.Count == 0;

    public bool HasRoomFor(int bytes) =>
        _rows.Count < operation.MaxItems && _head.Length + _tail.Length + _bytes + bytes + 1 <= operation.MaxBytes;

    /// <summary>Adds a row. One that has the key of another takes its values over, so that the last one wins wherever both have a value.</summary>
    public void Add(BatchItem row, ReadOnlySpan<byte> item, string? key)
    {
        if (key is not null && _keys.TryGetValue(key, out var earlier))
        {
            item = Merge(BytesOf(_rows[earlier]), item);
            _rows[earlier] = _rows[earlier] with { IsMerged = true };
            _merged++;
        }

        if (key is not null)
        {
            _keys[key] = _rows.Count;
        }

        _hashes.Add(key is null ? 0 : Batch.HashOf(key));
        _rows.Add(row with { Start = _written.WrittenCount, Length = item.Length });
        _written.Write(item);
        _bytes += item.Length + 1;
    }

    /// <summary>Makes the request, and begins the next one.</summary>
    public Batch Complete()
    {
        var sent = _rows.Count - _merged;
        var body = new byte[_head.Length + _rows.Where(row => !row.IsMerged).Sum(row => row.Length + 1) - 1 + _tail.Length];
        var (items, hashes) = (new BatchItem[sent], new ulong[sent]);
        var (end, count) = (Put(_head, 0), 0);
        for (var index = 0; index < _rows.Count; index++)
        {
            if (_rows[index].IsMerged)
            {
                continue;
            }

            end = count == 0 ? end : Put(","u8, end);
            (items[count], hashes[count]) = (_rows[index] with { Start = end }, _hashes[index]);
            end = Put(BytesOf(_rows[index]), end);
            count++;
        }

        Put(_tail, end);
        var batch = new Batch(_number++, body, items, hashes) { Merged = _merged, FirstRow = _rows[0].Row, LastRow = _rows[^1].Row };
        Clear();
        return batch;

        int Put(ReadOnlySpan<byte> bytes, int at)
        {
            bytes.CopyTo(body.AsSpan(at));
            return at + bytes.Length;
        }
    }

    private void Clear()
    {
        _written.ResetWrittenCount();
        _rows.Clear();
        _hashes.Clear();
        _keys.Clear();
        (_merged, _bytes) = (0, 0);
    }

    private ReadOnlySpan<byte> BytesOf(BatchItem item) => _written.WrittenSpan.Slice(item.Start, item.Length);

    private byte[] Merge(ReadOnlySpan<byte> earlier, ReadOnlySpan<byte> item)
    {
        return JoinedItem.Of(Parse(earlier), Parse(item), operation.MaxItemBytes) is { } joined ? CallBody.Text(joined) : item.ToArray();
    }

    private static JsonObject Parse(ReadOnlySpan<byte> item) => JsonNode.Parse(item)!.AsObject();
}

/// <summary>Two rows of one identifier as one.</summary>
internal static class JoinedItem
{
    /// <summary>The values of both: where both have one, the latter's. Null when that is too long, and the latter goes alone.</summary>
    public static JsonObject? Of(JsonObject former, JsonObject latter, int maxBytes)
    {
        var joined = (JsonObject)latter.DeepClone();
        if (SentRow.AttributesOf(former) is not { } values || SentRow.AttributesOf(latter) is not { } later)
        {
            return joined;
        }

        values = (JsonObject)values.DeepClone();
        foreach (var (name, value) in later)
        {
            values[name] = value?.DeepClone();
        }

        SentRow.AttributesOf(joined)!.ReplaceWith(values);
        return CallBody.Text(joined).Length <= maxBytes ? joined : null;
    }
}
