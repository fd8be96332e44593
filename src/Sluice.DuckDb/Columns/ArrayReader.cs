using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Columns;

internal sealed class ArrayReader(ColumnReader element, int length) : TypedColumnReader<List<object?>>
{
    internal override void Attach(nint vector)
    {
        base.Attach(vector);
        element.Attach(NativeMethods.duckdb_array_vector_get_child(vector));
    }

    internal override List<object?> Read(long row)
    {
        var list = new List<object?>(length);
        for (var i = 0; i < length; i++)
            list.Add(element.ValueOrNull((row * length) + i));
        return list;
    }
}
