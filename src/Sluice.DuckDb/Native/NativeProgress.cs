using System.Runtime.InteropServices;

namespace Sluice.DuckDb.Native;

[StructLayout(LayoutKind.Sequential)]
internal struct NativeProgress
{
    public double Percentage;
    public ulong RowsProcessed;
    public ulong TotalRowsToProcess;
}
