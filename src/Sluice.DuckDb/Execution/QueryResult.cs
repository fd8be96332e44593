using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Execution;

/// <summary>What one statement gave back.</summary>
internal sealed unsafe class QueryResult : IDisposable
{
    private readonly ResultHandle _handle;

    private QueryResult(ResultHandle handle) => _handle = handle;

    internal NativeReturnType ReturnType => NativeMethods.duckdb_result_return_type(*_handle.Pointer);

    internal long RowsChanged => checked((long)NativeMethods.duckdb_rows_changed(_handle.Pointer));

    internal int ColumnCount => checked((int)NativeMethods.duckdb_column_count(_handle.Pointer));

    /// <summary>Runs a bound statement.</summary>
    internal static QueryResult Execute(PreparedHandle statement, bool stream)
    {
        var state = stream
            ? NativeMethods.duckdb_pending_prepared_streaming(statement, out var pending)
            : NativeMethods.duckdb_pending_prepared(statement, out pending);
        using (pending)
        {
            if (state != NativeState.Success)
                throw new DuckDBException(NativeText.Borrowed(NativeMethods.duckdb_pending_error(pending)) ?? "The statement can't run.");
            var handle = new ResultHandle();
            try
            {
                if (NativeMethods.duckdb_execute_pending(pending, handle.Pointer) != NativeState.Success)
                    throw Error(handle) ?? new DuckDBException(NativeText.Borrowed(NativeMethods.duckdb_pending_error(pending)) ?? "The statement failed.");
                return new QueryResult(handle);
            }
            catch
            {
                handle.Dispose();
                throw;
            }
        }
    }

    internal string ColumnName(int column) => NativeText.Borrowed(NativeMethods.duckdb_column_name(_handle.Pointer, (ulong)column)) ?? "";

    internal LogicalTypeHandle ColumnType(int column) => NativeMethods.duckdb_column_logical_type(_handle.Pointer, (ulong)column);

    /// <summary>The next rows, or null at the end.</summary>
    internal DataChunkHandle? NextChunk()
    {
        while (true)
        {
            var chunk = NativeMethods.duckdb_fetch_chunk(*_handle.Pointer);
            if (chunk.IsInvalid)
            {
                chunk.Dispose();
                // A stream that broke off ends like one that is complete, but for the error.
                return Error(_handle) is { } error ? throw error : null;
            }
            if (NativeMethods.duckdb_data_chunk_get_size(chunk) > 0)
                return chunk;
            chunk.Dispose();
        }
    }

    public void Dispose() => _handle.Dispose();

    private static DuckDBException? Error(ResultHandle handle)
    {
        var message = NativeText.Borrowed(NativeMethods.duckdb_result_error(handle.Pointer));
        return string.IsNullOrEmpty(message) ? null : new DuckDBException(message, NativeMethods.duckdb_result_error_type(handle.Pointer));
    }
}
