namespace Sluice.DuckDb.Native;

internal sealed class ConfigHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.duckdb_destroy_config(ref handle);
        return true;
    }
}
