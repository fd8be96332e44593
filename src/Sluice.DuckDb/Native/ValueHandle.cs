namespace Sluice.DuckDb.Native;

internal sealed class ValueHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.duckdb_destroy_value(ref handle);
        return true;
    }
}
