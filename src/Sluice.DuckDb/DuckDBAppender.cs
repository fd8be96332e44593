using Sluice.DuckDb.Appending;

namespace Sluice.DuckDb;

/// <summary>
/// Adds rows to a table faster than INSERT. Values are converted by the column's type, and refused when they do not fit.
/// Rows are written in batches, and by <see cref="Flush"/>, <see cref="Close"/> and <see cref="Dispose"/>; outside a transaction each batch
/// commits by itself, so put an appender into one. It is not thread-safe, and its connection should run nothing else meanwhile.
/// </summary>
public sealed class DuckDBAppender : IDisposable
{
    private readonly ChunkAppender _chunks;
    private readonly DuckDBAppenderRow _row;
    private bool _closed;

    internal DuckDBAppender(DuckDBConnection connection, string? catalog, string? schema, string table, IReadOnlyList<string>? columns)
    {
        _chunks = ChunkAppender.Open(connection, catalog, schema, table, columns);
        _row = new DuckDBAppenderRow(_chunks);
    }

    /// <summary>Begins a row; the row before has to be ended or discarded.</summary>
    /// <exception cref="InvalidOperationException">The row before is not complete.</exception>
    /// <exception cref="ObjectDisposedException">The appender is closed.</exception>
    public DuckDBAppenderRow CreateRow()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        _chunks.BeginRow();
        return _row;
    }

    /// <summary>Writes the rows so far into the table.</summary>
    /// <exception cref="DuckDBException">A constraint is violated or writing failed: the rows since the last flush are gone and the appender is of no more use.</exception>
    /// <exception cref="InvalidOperationException">A row is not complete, or an earlier call failed.</exception>
    public void Flush()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        _chunks.Flush();
    }

    /// <summary>Writes the rows so far and ends the appender; errors as of <see cref="Flush"/>.</summary>
    public void Close()
    {
        if (_closed)
            return;
        try
        {
            _chunks.Flush();
        }
        finally
        {
            _closed = true;
            _chunks.Dispose();
        }
    }

    /// <summary>As <see cref="Close"/>; but with an incomplete row or after a failed call, as when an exception passes through, rows not yet written are dropped.</summary>
    public void Dispose()
    {
        if (_closed)
            return;
        if (_chunks.CanFlush)
        {
            Close();
            return;
        }
        _closed = true;
        _chunks.Dispose();
    }
}
