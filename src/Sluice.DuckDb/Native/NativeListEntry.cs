using System.Runtime.InteropServices;

namespace Sluice.DuckDb.Native;

[StructLayout(LayoutKind.Sequential)]
internal struct NativeListEntry
{
    public ulong Offset;
    public ulong Length;
}
