using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Columns;

internal sealed unsafe class ListReader(ColumnReader element) : TypedColumnReader<List<object?>>
{
    internal override void Attach(nint vector)
    {
        base.Attach(vector);
        element.Attach(NativeMethods.duckdb_list_vector_get_child(vector));
    }

    internal override List<object?> Read(long row)
    {
        var entry = ((NativeListEntry*)Data)[row];
        var list = new List<object?>(checked((int)entry.Length));
        for (var i = 0L; i < (long)entry.Length; i++)
            list.Add(element.ValueOrNull((long)entry.Offset + i));
        return list;
    }
}
