using Sluice.DuckDb.Execution;
using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Columns;

internal sealed unsafe class DecimalReader(NativeType storage, byte scale) : TypedColumnReader<decimal>
{
    internal override decimal Read(long row) => DecimalParts.Join(Unscaled(row), scale);

    private Int128 Unscaled(long row) => storage switch
    {
        NativeType.SmallInt => ((short*)Data)[row],
        NativeType.Integer => ((int*)Data)[row],
        NativeType.BigInt => ((long*)Data)[row],
        _ => ((NativeHugeInt*)Data)[row].ToInt128(),
    };
}
