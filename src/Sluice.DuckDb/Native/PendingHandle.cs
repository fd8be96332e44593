namespace Sluice.DuckDb.Native;

internal sealed class PendingHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.duckdb_destroy_pending(ref handle);
        return true;
    }
}
