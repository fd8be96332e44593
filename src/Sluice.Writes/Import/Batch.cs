using System.Security.Cryptography;
using System.Text;

namespace Sluice.Writes.Import;

/// <summary>The rows of one request.</summary>
internal sealed class Batch(int number, byte[] body, BatchItem[] items, ulong[] keys)
{
    /// <summary>The request's number within the import, from 1.</summary>
    public int Number => number;

    /// <summary>Rows that are sent, in the order of the request.</summary>
    public IReadOnlyList<BatchItem> Items => items;

    /// <summary>The hashes of what the rows change; requests that have one in common must not overtake each other.</summary>
    public IEnumerable<ulong> Keys => keys.Where(key => key != 0);

    /// <summary>Rows that went into a later one of the same key.</summary>
    public int Merged { get; init; }

    public required long FirstRow { get; init; }

    public required long LastRow { get; init; }

    public ReadOnlyMemory<byte> Body => body;

    public string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(body))[..16];

    /// <summary>What is sent for the first rows.</summary>
    public IEnumerable<string> Samples(int most) =>
        items.Take(most).Select(item => Encoding.UTF8.GetString(BytesOf(item)));

    /// <summary>The row that is sent for a key; null when there is none.</summary>
    public BatchItem? Find(string key) => Array.IndexOf(keys, HashOf(key)) is >= 0 and var found ? items[found] : null;

    /// <summary>What is sent for a row.</summary>
    public ReadOnlySpan<byte> BytesOf(BatchItem item) => body.AsSpan(item.Start, item.Length);

    // Of 64 bits, because two keys with one hash would make requests wait for each other. The runtime's own hash has 32.
    internal static ulong HashOf(string key)
    {
        var rest = string.GetHashCode(key.AsSpan(Math.Min(1, key.Length)), StringComparison.Ordinal);
        return Math.Max(1, ((ulong)(uint)StringComparer.Ordinal.GetHashCode(key) << 32) | (uint)rest);
    }
}

/// <summary>A row of a request and where its bytes are.</summary>
internal readonly record struct BatchItem(long Row, int File, long Line)
{
    public int Start { get; init; }

    public int Length { get; init; }

    /// <summary>What names the row for whoever asks for it; null where its line does.</summary>
    public string? Key { get; init; }

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
