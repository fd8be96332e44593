using System.Runtime.InteropServices;

namespace Sluice.DuckDb.Native;

[StructLayout(LayoutKind.Sequential)]
internal struct NativeDecimal
{
    public byte Width;
    public byte Scale;
    public NativeHugeInt Value;
}
