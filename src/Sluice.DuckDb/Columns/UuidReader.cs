using System.Buffers.Binary;
using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Columns;

internal sealed unsafe class UuidReader : TypedColumnReader<Guid>
{
    private const ulong SignBit = 1UL << 63;

    internal override Guid Read(long row)
    {
        var value = ((NativeHugeInt*)Data)[row];
        Span<byte> bytes = stackalloc byte[16];
        // Stored with the top bit flipped, so that a signed comparison sorts UUIDs as text does.
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value.Upper ^ SignBit);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], value.Lower);
        return new Guid(bytes, bigEndian: true);
    }
}
