namespace Sluice.DuckDb.Native;

internal sealed class AppenderHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        // Destroying flushes what is left. Whoever wanted that has flushed before; a finalizer thread must not write.
        _ = NativeMethods.duckdb_appender_clear(handle);
        _ = NativeMethods.duckdb_appender_destroy(ref handle);
        return true;
    }
}
