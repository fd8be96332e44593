using System.Buffers.Binary;
using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Appending;

internal sealed unsafe class UuidWriter(string column, string typeName) : ColumnWriter(column, typeName)
{
    private const ulong SignBit = 1UL << 63;

    protected override void Store(long row, object value)
    {
        if (value is not Guid guid)
            throw WrongType(value);
        Span<byte> bytes = stackalloc byte[16];
        guid.TryWriteBytes(bytes, bigEndian: true, out _);
        // Stored with the top bit flipped: see the reader.
        ((NativeHugeInt*)Data)[row] = new NativeHugeInt(
            BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), BinaryPrimitives.ReadUInt64BigEndian(bytes) ^ SignBit);
    }
}
