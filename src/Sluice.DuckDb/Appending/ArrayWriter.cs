using System.Collections;
using System.Globalization;
using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Appending;

internal sealed class ArrayWriter(string column, string typeName, ColumnWriter element, int length) : ColumnWriter(column, typeName)
{
    internal override void Attach(nint vector)
    {
        base.Attach(vector);
        element.Attach(NativeMethods.duckdb_array_vector_get_child(vector));
    }

    internal override void WriteNull(long row)
    {
        base.WriteNull(row);
        for (var i = 0; i < length; i++)
            element.WriteNull((row * length) + i);
    }

    protected override void Store(long row, object value)
    {
        if (value is not IEnumerable items || value is string)
            throw WrongType(value);
        var list = items.Cast<object?>().ToList();
        if (list.Count != length)
            throw Refuse(value, string.Create(CultureInfo.InvariantCulture, $"it has {list.Count} items"));
        for (var i = 0; i < length; i++)
            element.Write((row * length) + i, list[i]);
    }
}
