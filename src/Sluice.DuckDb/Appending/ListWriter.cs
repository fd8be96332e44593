using System.Collections;
using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Appending;

/// <summary>Items that follow each other in a child vector: LIST, and MAP as a list of pairs.</summary>
internal sealed unsafe class ListWriter(string column, string typeName, ColumnWriter element, bool isMap) : ColumnWriter(column, typeName)
{
    private long _size;
    private long _capacity;

    internal override void Attach(nint vector)
    {
        base.Attach(vector);
        _size = 0;
        _capacity = 0;
    }

    protected override void Store(long row, object value)
    {
        var items = Items(value);
        Reserve(_size + items.Count);
        for (var i = 0; i < items.Count; i++)
            element.Write(_size + i, items[i]);
        ((NativeListEntry*)Data)[row] = new NativeListEntry { Offset = (ulong)_size, Length = (ulong)items.Count };
        _size += items.Count;
        NativeMethods.duckdb_list_vector_set_size(Vector, (ulong)_size);
    }

    private List<object?> Items(object value) => value switch
    {
        string or byte[] => throw WrongType(value),
        IDictionary v when isMap => Pairs(v),
        IEnumerable v when !isMap => [.. v.Cast<object?>()],
        _ => throw WrongType(value),
    };

    private static List<object?> Pairs(IDictionary map)
    {
        var pairs = new List<object?>(map.Count);
        foreach (DictionaryEntry entry in map)
            pairs.Add(new object?[] { entry.Key, entry.Value });
        return pairs;
    }

    private void Reserve(long needed)
    {
        if (needed <= _capacity)
            return;
        _capacity = Math.Max(needed, Math.Max(_capacity * 2, 2048));
        NativeMethods.duckdb_list_vector_reserve(Vector, (ulong)_capacity);
        // Growing moves the child's memory.
        element.Attach(NativeMethods.duckdb_list_vector_get_child(Vector));
    }
}
