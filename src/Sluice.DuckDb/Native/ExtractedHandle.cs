namespace Sluice.DuckDb.Native;

internal sealed class ExtractedHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.duckdb_destroy_extracted(ref handle);
        return true;
    }
}
