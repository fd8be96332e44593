using System.Text;
using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Columns;

internal sealed unsafe class VarcharReader : TypedColumnReader<string>
{
    internal override string Read(long row) => Encoding.UTF8.GetString(Bytes(row));

    internal ReadOnlySpan<byte> Bytes(long row) => NativeString.Bytes((NativeString*)Data + row);
}
