using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Sluice.Destinations.Files.ObjectStores;

/// <summary>What an object that was put must be: its length, and the sums that stores give as its ETag.</summary>
/// <param name="Length">The bytes.</param>
/// <param name="Md5">The MD5 of the whole, in small hexadecimal digits.</param>
/// <param name="Md5OfParts">The MD5 of the parts' MD5s with their number, the ETag of an upload in parts.</param>
[SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "It is what stores give.")]
internal sealed record StoredSum(long Length, string Md5, string Md5OfParts)
{
    /// <summary>The sums of a content.</summary>
    /// <param name="content">The content, which is read to its end.</param>
    /// <param name="partBytes">The bytes of a part, if it goes up in parts.</param>
    /// <param name="cancel">Stops the reading.</param>
    public static async Task<StoredSum> OfAsync(Stream content, int partBytes, CancellationToken cancel)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        using var ofParts = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        var buffer = new byte[Math.Min(partBytes, Math.Max(content.Length, 1))];
        var (length, parts) = (0L, 0);
        for (int read; (read = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel)) > 0; parts++)
        {
            length += read;
            whole.AppendData(buffer.AsSpan(0, read));
            ofParts.AppendData(MD5.HashData(buffer.AsSpan(0, read)));
        }

        return new StoredSum(length, Hex(whole.GetHashAndReset()), FormattableString.Invariant($"{Hex(ofParts.GetHashAndReset())}-{parts}"));
    }

    /// <summary>Copies a content that is read and gives its MD5.</summary>
    public static async Task<string> CopyAsync(Stream body, Stream to, CancellationToken cancel)
    {
        using var whole = MD5.Create();
        await using (var through = new CryptoStream(to, whole, CryptoStreamMode.Write, leaveOpen: true))
        {
            await StreamCopy.ToEndAsync(body, through, TimeProvider.System, cancel);
        }

        return Hex(whole.Hash!);
    }

    /// <summary>
    /// Whether an ETag shows that the store has this content. One that does not may still be right: encryption and many servers give other ETags.
    /// </summary>
    public bool IsShownBy(string? etag) => etag?.Trim('"').ToLowerInvariant() is { } sum && (sum == Md5 || sum == Md5OfParts);

    /// <summary>Whether an ETag looks like the MD5 of other bytes than those with this MD5.</summary>
    public static bool IsOther(string? etag, string md5) =>
        etag?.Trim('"').ToLowerInvariant() is { Length: 32 } sum && sum.All(char.IsAsciiHexDigit) && sum != md5;

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
