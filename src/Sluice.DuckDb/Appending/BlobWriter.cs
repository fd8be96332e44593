using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Appending;

internal sealed unsafe class BlobWriter(string column, string typeName) : ColumnWriter(column, typeName)
{
    protected override void Store(long row, object value)
    {
        var bytes = value switch
        {
            byte[] v => v,
            ReadOnlyMemory<byte> v => v.Span,
            Memory<byte> v => v.Span,
            _ => throw WrongType(value),
        };
        fixed (byte* start = bytes)
        {
            byte empty = 0;
            NativeMethods.duckdb_vector_assign_string_element_len(Vector, (ulong)row, start == null ? &empty : start, (ulong)bytes.Length);
        }
    }
}
