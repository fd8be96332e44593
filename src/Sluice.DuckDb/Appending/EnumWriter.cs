using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Appending;

internal sealed unsafe class EnumWriter(string column, string typeName, NativeType storage, string[] labels) : ColumnWriter(column, typeName)
{
    private readonly Dictionary<string, uint> _indexes =
        labels.Select((label, i) => (label, i)).ToDictionary(x => x.label, x => (uint)x.i, StringComparer.Ordinal);

    protected override void Store(long row, object value)
    {
        var label = value as string ?? (value is Enum e ? e.ToString() : throw WrongType(value));
        if (!_indexes.TryGetValue(label, out var index))
            throw Refuse(value, "it is none of the labels");
        switch (storage)
        {
            case NativeType.UTinyInt: Data[row] = (byte)index; break;
            case NativeType.USmallInt: ((ushort*)Data)[row] = (ushort)index; break;
            default: ((uint*)Data)[row] = index; break;
        }
    }
}
