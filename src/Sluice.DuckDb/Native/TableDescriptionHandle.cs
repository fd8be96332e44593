namespace Sluice.DuckDb.Native;

internal sealed class TableDescriptionHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.duckdb_table_description_destroy(ref handle);
        return true;
    }
}
