using System.Collections;
using System.Data;
using System.Data.Common;
using Sluice.DuckDb.Columns;
using Sluice.DuckDb.Execution;
using Sluice.DuckDb.Native;

namespace Sluice.DuckDb;

/// <summary>
/// The row sets of a command, chunk by chunk. While the last one streams, its connection can run nothing else.
/// A DuckDB value beyond .NET's range (infinity, a decimal of 38 digits, 24:00:00) throws when it is read and never changes silently.
/// </summary>
public sealed partial class DuckDBDataReader : DbDataReader, IDbColumnSchemaGenerator
{
    private readonly DuckDBConnection _connection;
    private readonly CommandResults _results;
    private readonly CommandBehavior _behavior;
    private readonly bool _streams;
    private int _set;
    private QueryResult? _result;
    private ResultColumn[] _columns = [];
    private ColumnReader[] _readers = [];
    private DataChunkHandle? _chunk;
    private long _chunkRows;
    private long _row = -1;
    private bool _atEnd = true;
    private bool _closed;

    internal DuckDBDataReader(DuckDBConnection connection, CommandResults results, bool streams, CommandBehavior behavior)
    {
        _connection = connection;
        _results = results;
        _behavior = behavior;
        _streams = streams;
        if (streams && results.RowSets.Count > 0)
            connection.Stream = this;
        connection.Track(this);
        OpenSet();
    }

    /// <summary>0: row sets are not nested.</summary>
    public override int Depth => 0;

    /// <inheritdoc />
    public override int FieldCount => _columns.Length;

    /// <summary>Whether the row set has at least one row; computes the first ones.</summary>
    public override bool HasRows
    {
        get
        {
            RequireOpen();
            return _chunk is not null || _row >= 0 || FetchChunk();
        }
    }

    /// <inheritdoc />
    public override bool IsClosed => _closed;

    /// <summary>The rows changed by the command's statements that give no rows; -1 when there is none.</summary>
    public override int RecordsAffected => (int)Math.Min(_results.RowsChanged ?? -1, int.MaxValue);

    /// <inheritdoc />
    public override object this[int ordinal] => GetValue(ordinal);

    /// <inheritdoc />
    public override object this[string name] => GetValue(GetOrdinal(name));

    /// <summary>Goes to the next row.</summary>
    /// <exception cref="DuckDBException">Computing the rows failed, or was interrupted.</exception>
    public override bool Read()
    {
        RequireOpen();
        if (_row + 1 < _chunkRows)
        {
            _row++;
            return true;
        }
        if (!FetchChunk())
            return false;
        _row = 0;
        return true;
    }

    /// <summary>Goes to the next row; works on a pool thread when it has to be computed.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public override Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<bool>(cancellationToken);
        if (_closed || _row + 1 < _chunkRows || _atEnd || !_streams)
            return Task.FromResult(Read());
        return NativeWork.RunAsync(_connection, Read, cancellationToken);
    }

    /// <summary>Goes to the next row set, in the order of the statements that give rows.</summary>
    public override bool NextResult()
    {
        RequireOpen();
        if (_set + 1 >= _results.RowSets.Count)
        {
            EndSet();
            return false;
        }
        _set++;
        OpenSet();
        return true;
    }

    /// <summary>Gives the rows back; a stream that is not at its end stops.</summary>
    public override void Close()
    {
        if (_closed)
            return;
        EndSet();
        _closed = true;
        _results.Dispose();
        _connection.Untrack(this);
        LetConnectionGo();
        if (_behavior.HasFlag(CommandBehavior.CloseConnection))
            _connection.Close();
    }

    /// <inheritdoc />
    public override IEnumerator GetEnumerator() => new DbEnumerator(this, closeReader: false);

    private void OpenSet()
    {
        EndSet();
        if (_set >= _results.RowSets.Count)
            return;
        _result = _results.RowSets[_set];
        _columns = ResultColumn.All(_result);
        _readers = Array.ConvertAll(_columns, c => c.Reader);
        _atEnd = false;
    }

    private bool FetchChunk()
    {
        DropChunk();
        if (_atEnd)
            return false;
        _chunk = _result!.NextChunk();
        if (_chunk is null)
        {
            _atEnd = true;
            if (_set + 1 >= _results.RowSets.Count)
                LetConnectionGo();
            return false;
        }
        _chunkRows = checked((long)NativeMethods.duckdb_data_chunk_get_size(_chunk));
        for (var i = 0; i < _readers.Length; i++)
            _readers[i].Attach(NativeMethods.duckdb_data_chunk_get_vector(_chunk, (ulong)i));
        return true;
    }

    private void EndSet()
    {
        DropChunk();
        _result?.Dispose();
        _result = null;
        _columns = [];
        _readers = [];
        _atEnd = true;
    }

    private void DropChunk()
    {
        _row = -1;
        _chunkRows = 0;
        _chunk?.Dispose();
        _chunk = null;
    }

    private void LetConnectionGo()
    {
        if (ReferenceEquals(_connection.Stream, this))
            _connection.Stream = null;
    }

    private void RequireOpen()
    {
        if (_closed)
            throw new InvalidOperationException("The reader is closed.");
    }

    /// <summary>The column's reader, once there is a row to read: without a chunk its memory is gone.</summary>
    private ColumnReader Column(int ordinal)
    {
        RequireOpen();
        if (_row < 0)
            throw new InvalidOperationException("There is no row: call Read first, and stop when it says false.");
        if ((uint)ordinal >= (uint)_readers.Length)
            throw new IndexOutOfRangeException($"There is no column {ordinal}: the result has {_readers.Length}.");
        return _readers[ordinal];
    }
}
