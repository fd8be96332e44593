using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Execution;

/// <summary>The statements of one text, parsed but not yet prepared: a later one may need what an earlier one creates.</summary>
internal sealed class StatementBatch : IDisposable
{
    private readonly ConnectionHandle _connection;
    private readonly ExtractedHandle _statements;

    private StatementBatch(ConnectionHandle connection, ExtractedHandle statements, int count)
    {
        _connection = connection;
        _statements = statements;
        Count = count;
    }

    internal int Count { get; }

    internal static StatementBatch Parse(ConnectionHandle connection, string sql)
    {
        var text = NativeText.Terminated(sql, "The SQL text");
        var count = NativeMethods.duckdb_extract_statements(connection, text, out var statements);
        var error = count > 0 ? null : NativeText.Borrowed(NativeMethods.duckdb_extract_statements_error(statements));
        if (string.IsNullOrEmpty(error))
            return new StatementBatch(connection, statements, checked((int)count));
        statements.Dispose();
        throw new DuckDBException(error);
    }

    internal PreparedHandle Prepare(int index)
    {
        var state = NativeMethods.duckdb_prepare_extracted_statement(_connection, _statements, (ulong)index, out var prepared);
        if (state == NativeState.Success)
            return prepared;
        using (prepared)
            throw new DuckDBException(NativeText.Borrowed(NativeMethods.duckdb_prepare_error(prepared)) ?? "The statement can't be prepared.");
    }

    public void Dispose() => _statements.Dispose();
}
