using System.Collections;
using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Appending;

/// <summary>STRUCT, from a dictionary by field name, or from an array by position (the pairs of a MAP).</summary>
internal sealed class StructWriter(string column, string typeName, string[] names, ColumnWriter[] fields) : ColumnWriter(column, typeName)
{
    internal override void Attach(nint vector)
    {
        base.Attach(vector);
        for (var i = 0; i < fields.Length; i++)
            fields[i].Attach(NativeMethods.duckdb_struct_vector_get_child(vector, (ulong)i));
    }

    internal override void WriteNull(long row)
    {
        base.WriteNull(row);
        foreach (var field in fields)
            field.WriteNull(row);
    }

    protected override void Store(long row, object value)
    {
        switch (value)
        {
            case IDictionary v: StoreFields(row, v); break;
            case object?[] v when v.Length == fields.Length:
                for (var i = 0; i < fields.Length; i++)
                    fields[i].Write(row, v[i]);
                break;
            default: throw WrongType(value);
        }
    }

    private void StoreFields(long row, IDictionary values)
    {
        var used = 0;
        for (var i = 0; i < fields.Length; i++)
        {
            var has = values.Contains(names[i]);
            used += has ? 1 : 0;
            fields[i].Write(row, has ? values[names[i]] : null);
        }
        if (used != values.Count)
            throw Refuse(string.Join(", ", values.Keys.Cast<object>()), "it has fields that the type does not have");
    }
}
