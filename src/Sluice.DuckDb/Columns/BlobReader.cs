using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Columns;

internal sealed unsafe class BlobReader : TypedColumnReader<byte[]>
{
    internal override byte[] Read(long row) => NativeString.Bytes((NativeString*)Data + row).ToArray();
}
