using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Columns;

internal sealed unsafe class EnumReader(NativeType storage, string[] labels) : TypedColumnReader<string>
{
    internal override string Read(long row) => labels[storage switch
    {
        NativeType.UTinyInt => Data[row],
        NativeType.USmallInt => ((ushort*)Data)[row],
        _ => ((uint*)Data)[row],
    }];
}
