using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Simulator.Http;

/// <summary>Opaque page tokens: a position that is only valid in the list that returned it.</summary>
internal static class Cursors
{
    /// <summary>Suffix of a token with the same meaning as the one without it, so that an empty page need not repeat a token.</summary>
    public const char Again = '~';

    /// <summary>The token of the first page.</summary>
    public const string Beginning = "first";

    private const int PositionLength = 16;
    private const int CheckLength = 8;

    public static string Encode(string scope, long first, long second)
    {
        Span<byte> bytes = stackalloc byte[PositionLength + CheckLength];
        BinaryPrimitives.WriteInt64BigEndian(bytes, first);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], second);
        Check(scope, bytes[..PositionLength], bytes[PositionLength..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The position, or null for a token that this list never returned.</summary>
    public static (long First, long Second)? Decode(string scope, string token)
    {
        Span<byte> bytes = stackalloc byte[PositionLength + CheckLength];
        Span<byte> check = stackalloc byte[CheckLength];
        if (!TryDecode(token, bytes))
        {
            return null;
        }

        Check(scope, bytes[..PositionLength], check);
        return check.SequenceEqual(bytes[PositionLength..])
            ? (BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[8..]))
            : null;
    }

    private static bool TryDecode(string token, Span<byte> bytes)
        => token.Length == 32 && Base64Url.IsValid(token) && Base64Url.TryDecodeFromChars(token, bytes, out var length) && length == bytes.Length;

    private static void Check(string scope, ReadOnlySpan<byte> position, Span<byte> check)
    {
        Span<byte> text = stackalloc byte[Encoding.UTF8.GetMaxByteCount(scope.Length) + PositionLength];
        var length = Encoding.UTF8.GetBytes(scope, text);
        position.CopyTo(text[length..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..(length + PositionLength)], hash);
        hash[..CheckLength].CopyTo(check);
    }
}
