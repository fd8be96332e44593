using System.Runtime.InteropServices;

namespace Sluice.DuckDb.Native;

/// <summary>Statements: extracting, preparing, binding, running.</summary>
internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial ulong duckdb_extract_statements(ConnectionHandle connection, ReadOnlySpan<byte> sql, out ExtractedHandle extracted);

    [LibraryImport(Library)]
    internal static partial nint duckdb_extract_statements_error(ExtractedHandle extracted);

    [LibraryImport(Library)]
    internal static partial void duckdb_destroy_extracted(ref nint extracted);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_prepare_extracted_statement(
        ConnectionHandle connection, ExtractedHandle extracted, ulong index, out PreparedHandle prepared);

    [LibraryImport(Library)]
    internal static partial nint duckdb_prepare_error(PreparedHandle prepared);

    [LibraryImport(Library)]
    internal static partial void duckdb_destroy_prepare(ref nint prepared);

    [LibraryImport(Library)]
    internal static partial ulong duckdb_nparams(PreparedHandle prepared);

    [LibraryImport(Library)]
    internal static partial nint duckdb_parameter_name(PreparedHandle prepared, ulong index);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_bind_boolean(PreparedHandle prepared, ulong index, byte value);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_bind_int8(PreparedHandle prepared, ulong index, sbyte value);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_bind_int16(PreparedHandle prepared, ulong index, short value);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_bind_int32(PreparedHandle prepared, ulong index, int value);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_bind_int64(PreparedHandle prepared, ulong index, long value);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_bind_hugeint(PreparedHandle prepared, ulong index, NativeHugeInt value);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_bind_uhugeint(PreparedHandle prepared, ulong index, NativeHugeInt value);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_bind_uint8(PreparedHandle prepared, ulong index, byte value);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_bind_uint16(PreparedHandle prepared, ulong index, ushort value);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_bind_uint32(PreparedHandle prepared, ulong index, uint value);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_bind_uint64(PreparedHandle prepared, ulong index, ulong value);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_bind_float(PreparedHandle prepared, ulong index, float value);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_bind_double(PreparedHandle prepared, ulong index, double value);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_bind_decimal(PreparedHandle prepared, ulong index, NativeDecimal value);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_bind_date(PreparedHandle prepared, ulong index, int days);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_bind_time(PreparedHandle prepared, ulong index, long micros);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_bind_timestamp(PreparedHandle prepared, ulong index, long micros);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_bind_timestamp_tz(PreparedHandle prepared, ulong index, long micros);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_bind_interval(PreparedHandle prepared, ulong index, DuckDBInterval value);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_bind_varchar_length(PreparedHandle prepared, ulong index, ReadOnlySpan<byte> text, ulong length);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_bind_blob(PreparedHandle prepared, ulong index, ReadOnlySpan<byte> data, ulong length);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_bind_null(PreparedHandle prepared, ulong index);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_bind_value(PreparedHandle prepared, ulong index, ValueHandle value);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_clear_bindings(PreparedHandle prepared);

    [LibraryImport(Library)]
    internal static partial ValueHandle duckdb_create_uuid(NativeHugeInt value);

    [LibraryImport(Library)]
    internal static partial void duckdb_destroy_value(ref nint value);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_pending_prepared(PreparedHandle prepared, out PendingHandle pending);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_pending_prepared_streaming(PreparedHandle prepared, out PendingHandle pending);

    [LibraryImport(Library)]
    internal static partial nint duckdb_pending_error(PendingHandle pending);

    [LibraryImport(Library)]
    internal static partial NativeState duckdb_execute_pending(PendingHandle pending, NativeResult* result);

    [LibraryImport(Library)]
    internal static partial void duckdb_destroy_pending(ref nint pending);
}
