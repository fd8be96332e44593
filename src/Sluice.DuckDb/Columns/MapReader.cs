using System.Globalization;
using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Columns;

/// <summary>A MAP: a list of key and value pairs. Keys that are not text become their invariant text.</summary>
internal sealed unsafe class MapReader(ColumnReader key, ColumnReader value) : TypedColumnReader<Dictionary<string, object?>>
{
    internal override void Attach(nint vector)
    {
        base.Attach(vector);
        var pairs = NativeMethods.duckdb_list_vector_get_child(vector);
        key.Attach(NativeMethods.duckdb_struct_vector_get_child(pairs, 0));
        value.Attach(NativeMethods.duckdb_struct_vector_get_child(pairs, 1));
    }

    internal override Dictionary<string, object?> Read(long row)
    {
        var entry = ((NativeListEntry*)Data)[row];
        var map = new Dictionary<string, object?>(checked((int)entry.Length), StringComparer.Ordinal);
        for (var i = (long)entry.Offset; i < (long)(entry.Offset + entry.Length); i++)
            map[Convert.ToString(key.Value(i), CultureInfo.InvariantCulture) ?? ""] = value.ValueOrNull(i);
        return map;
    }
}
