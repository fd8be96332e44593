using System.Runtime.InteropServices;

namespace Sluice.DuckDb.Native;

/// <summary>The functions of duckdb.h that are used, under their own names: library, configuration, database, connection.</summary>
internal static unsafe partial class NativeMethods
{
    internal const string Library = "duckdb";

    [LibraryImport(Library)]
    internal static partial nint duckdb_library_version();

    [LibraryImport(Library)]
    internal static partial void duckdb_free(nint pointer);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_create_config(out ConfigHandle config);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_set_config(ConfigHandle config, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value);

    [LibraryImport(Library)]
    internal static partial void duckdb_destroy_config(ref nint config);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_open_ext(ReadOnlySpan<byte> path, out DatabaseHandle database, ConfigHandle config, out nint error);

    [LibraryImport(Library)]
    internal static partial void duckdb_close(ref nint database);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_connect(DatabaseHandle database, out ConnectionHandle connection);

    [LibraryImport(Library)]
    internal static partial void duckdb_disconnect(ref nint connection);

    [LibraryImport(Library)]
    internal static partial void duckdb_interrupt(ConnectionHandle connection);

    [LibraryImport(Library)]
    internal static partial NativeProgress duckdb_query_progress(ConnectionHandle connection);
}
