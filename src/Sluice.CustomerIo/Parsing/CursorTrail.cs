using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.CustomerIo.Parsing;

/// <summary>Remembers the cursors of a list by eight bytes each, so that a long list stays small.</summary>
internal sealed class CursorTrail
{
    private readonly HashSet<ulong> _seen = [];

    /// <summary>False if the cursor came before.</summary>
    public bool Add(string cursor) => Add(Encoding.UTF8.GetBytes(cursor));

    /// <summary>False if the bytes came before.</summary>
    public bool Add(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return _seen.Add(BinaryPrimitives.ReadUInt64LittleEndian(hash));
    }
}
