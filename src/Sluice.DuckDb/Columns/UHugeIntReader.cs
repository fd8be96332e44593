using System.Numerics;
using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Columns;

internal sealed unsafe class UHugeIntReader : TypedColumnReader<BigInteger>
{
    internal override BigInteger Read(long row) => ((NativeHugeInt*)Data)[row].ToUInt128();
}
