namespace Sluice.DuckDb.Native;

internal sealed class ErrorDataHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.duckdb_destroy_error_data(ref handle);
        return true;
    }
}
