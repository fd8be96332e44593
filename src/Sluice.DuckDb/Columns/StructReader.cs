using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Columns;

internal sealed class StructReader(string[] names, ColumnReader[] fields) : TypedColumnReader<Dictionary<string, object?>>
{
    internal override void Attach(nint vector)
    {
        base.Attach(vector);
        for (var i = 0; i < fields.Length; i++)
            fields[i].Attach(NativeMethods.duckdb_struct_vector_get_child(vector, (ulong)i));
    }

    internal override Dictionary<string, object?> Read(long row)
    {
        var values = new Dictionary<string, object?>(fields.Length, StringComparer.Ordinal);
        for (var i = 0; i < fields.Length; i++)
            values[names[i]] = fields[i].ValueOrNull(row);
        return values;
    }
}
