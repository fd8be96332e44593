using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Import;

/// <summary>The rows of one request.</summary>
internal sealed class Batch(Operation operation, int number)
{
    private readonly ArrayBufferWriter<byte> _items = new(64 * 1024);
    private readonly List<BatchItem> _rows = [];
    private readonly Dictionary<string, int> _keys = new(StringComparer.Ordinal);

    private int _bytes = Encoding.UTF8.GetByteCount(operation.Head) + Encoding.UTF8.GetByteCount(operation.Tail);

    /// <summary>The request's number within the import, from 1.</summary>
    public int Number => number;

    /// <summary>Rows that are sent, in the order of the request.</summary>
    public IReadOnlyList<BatchItem> Items { get; private set; } = [];

    public IReadOnlyCollection<string> Keys => _keys.Keys;

    /// <summary>Rows that went into a later one of the same key.</summary>
    public int Merged { get; private set; }

    public long FirstRow => _rows[0].Row;

    public long LastRow => _rows[^1].Row;

    public bool IsEmpty => _rows.Count == 0;

    public ReadOnlyMemory<byte> Body { get; private set; }

    public string Hash { get; private set; } = "";

    public bool HasRoomFor(int bytes) => _rows.Count < operation.MaxItems && _bytes + bytes + 1 <= operation.MaxBytes;

    /// <summary>Adds a row. One that has the key of another takes its values over, so that the last one wins wherever both have a value.</summary>
    public void Add(BatchItem row, ReadOnlySpan<byte> item, string? key)
    {
        if (key is not null && _keys.TryGetValue(key, out var earlier))
        {
            item = Merge(_rows[earlier], item);
            _rows[earlier] = _rows[earlier] with { IsMerged = true };
            Merged++;
        }

        if (key is not null)
        {
            _keys[key] = _rows.Count;
        }

        _rows.Add(row with { Start = _items.WrittenCount, Length = item.Length });
        _items.Write(item);
        _bytes += item.Length + 1;
    }

    /// <summary>Makes the body; nothing can be added afterwards.</summary>
    public void Complete()
    {
        Items = [.. _rows.Where(row => !row.IsMerged)];
        var body = new ArrayBufferWriter<byte>(_bytes);
        ValueText.Raw(operation.Head, body);
        foreach (var item in Items)
        {
            if (item != Items[0])
            {
                body.Write(","u8);
            }

            body.Write(BytesOf(item));
        }

        ValueText.Raw(operation.Tail, body);
        Body = body.WrittenMemory;
        Hash = Convert.ToHexStringLower(SHA256.HashData(Body.Span))[..16];
    }

    /// <summary>What is sent for the first rows.</summary>
    public IEnumerable<string> Samples(int most) =>
        Items.Take(most).Select(item => Encoding.UTF8.GetString(BytesOf(item)));

    /// <summary>The row that is sent for a key; null when there is none.</summary>
    public BatchItem? Find(string key) => _keys.TryGetValue(key, out var row) ? _rows[row] : null;

    /// <summary>What is sent for a row.</summary>
    public ReadOnlySpan<byte> BytesOf(BatchItem item) => _items.WrittenSpan.Slice(item.Start, item.Length);

    private byte[] Merge(BatchItem earlier, ReadOnlySpan<byte> item)
    {
        var (former, latter) = (Parse(BytesOf(earlier)), Parse(item));
        foreach (var (name, value) in latter["attributes"]!.AsObject().ToList())
        {
            former["attributes"]![name] = value?.DeepClone();
        }

        // Both are below the limit; together they can be above it, and then the latter alone is sent.
        var merged = Encoding.UTF8.GetBytes(former.ToJsonString(RelaxedJson.Options));
        return merged.Length <= operation.MaxItemBytes ? merged : item.ToArray();
    }

    private static JsonObject Parse(ReadOnlySpan<byte> item) => JsonNode.Parse(item)!.AsObject();
}

/// <summary>A row of a request and where its bytes are.</summary>
internal sealed record BatchItem(long Row, int File, long Line)
{
    public int Start { get; init; }

    public int Length { get; init; }

    /// <summary>Whether its values went into a later row.</summary>
    public bool IsMerged { get; init; }
}

/// <summary>How JSON is written that goes to Customer.io: with as little escaping as possible.</summary>
internal static class RelaxedJson
{
    public static System.Text.Json.JsonSerializerOptions Options { get; } = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
