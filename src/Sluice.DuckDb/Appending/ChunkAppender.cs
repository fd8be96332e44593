using System.Globalization;
using Sluice.DuckDb.Execution;
using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Appending;

/// <summary>Fills a chunk row by row and hands it over when it is full.</summary>
internal sealed class ChunkAppender : IDisposable
{
    private const int NoRow = -1;

    private readonly DuckDBConnection _connection;
    private readonly AppenderHandle _appender;
    private readonly DataChunkHandle _chunk;
    private readonly ColumnWriter[] _columns;
    private readonly string _table;
    private readonly int _capacity = (int)NativeMethods.duckdb_vector_size();
    private int _column = NoRow;
    private bool _failed;

    private ChunkAppender(DuckDBConnection connection, string table, AppenderHandle appender, DataChunkHandle chunk, ColumnWriter[] columns)
    {
        _connection = connection;
        _table = table;
        _appender = appender;
        _chunk = chunk;
        _columns = columns;
        AttachColumns();
        connection.Track(this);
    }

    internal int Row { get; private set; }

    internal bool CanFlush => !_failed && _column == NoRow && !_chunk.IsClosed;

    internal static ChunkAppender Open(DuckDBConnection connection, string? catalog, string? schema, string table, IReadOnlyList<string>? columns)
    {
        connection.RequireNoStream();
        var name = new TableName(catalog, schema, table);
        var appender = name.OpenAppender(connection.Handle);
        LogicalTypeHandle[] types = [];
        try
        {
            foreach (var column in columns ?? [])
                Check(NativeMethods.duckdb_appender_add_column(appender, NativeText.Terminated(column, "A column name")), appender, name.ToString());
            var names = columns ?? name.ColumnNames(connection.Handle);
            types = new LogicalTypeHandle[NativeMethods.duckdb_appender_column_count(appender)];
            for (var i = 0; i < types.Length; i++)
                types[i] = NativeMethods.duckdb_appender_column_type(appender, (ulong)i);
            // A generated column can't be appended: then positions do not tell names.
            var writers = types.Select((t, i) => ColumnWriterFactory.Create(
                names.Count == types.Length ? names[i] : (i + 1).ToString(CultureInfo.InvariantCulture), t)).ToArray();
            return new ChunkAppender(connection, name.ToString(), appender, CreateChunk(types), writers);
        }
        catch
        {
            appender.Dispose();
            throw;
        }
        finally
        {
            Array.ForEach(types, t => t?.Dispose());
        }
    }

    internal void BeginRow()
    {
        RequireUsable();
        if (_column != NoRow)
            throw Incomplete();
        _column = 0;
    }

    internal ColumnWriter NextColumn()
    {
        // The writers hold pointers into the chunk.
        ObjectDisposedException.ThrowIf(_chunk.IsClosed, typeof(DuckDBAppender));
        if (_column == NoRow)
            throw new InvalidOperationException("No row has begun: call CreateRow.");
        return _column < _columns.Length
            ? _columns[_column]
            : throw new InvalidOperationException($"{_table} has {_columns.Length} columns, and the row has a value for each.");
    }

    internal void ColumnDone() => _column++;

    internal void WriteDefault()
    {
        NextColumn();
        Check(NativeMethods.duckdb_append_default_to_chunk(_appender, _chunk, (ulong)_column, (ulong)Row), _appender, _table);
    }

    internal void EndRow()
    {
        if (_column != _columns.Length)
            throw Incomplete();
        _column = NoRow;
        Row++;
        if (Row == _capacity)
            HandOver();
    }

    internal void DiscardRow() => _column = NoRow;

    internal void Flush()
    {
        RequireUsable();
        if (_column != NoRow)
            throw Incomplete();
        HandOver();
        CheckOrFail(NativeMethods.duckdb_appender_flush(_appender));
    }

    public void Dispose()
    {
        _connection.Untrack(this);
        _chunk.Dispose();
        _appender.Dispose();
    }

    private void HandOver()
    {
        if (Row == 0)
            return;
        RequireUsable();
        NativeMethods.duckdb_data_chunk_set_size(_chunk, (ulong)Row);
        Row = 0;
        CheckOrFail(NativeMethods.duckdb_append_data_chunk(_appender, _chunk));
        NativeMethods.duckdb_data_chunk_reset(_chunk);
        AttachColumns();
    }

    private void AttachColumns()
    {
        for (var i = 0; i < _columns.Length; i++)
            _columns[i].Attach(NativeMethods.duckdb_data_chunk_get_vector(_chunk, (ulong)i));
    }

    private void CheckOrFail(NativeState state)
    {
        _failed = state != NativeState.Success;
        Check(state, _appender, _table);
    }

    private static void Check(NativeState state, AppenderHandle appender, string table)
    {
        if (state != NativeState.Success)
            throw TableName.Error(appender, table);
    }

    private void RequireUsable()
    {
        _ = _connection.Handle;
        ObjectDisposedException.ThrowIf(_chunk.IsClosed, typeof(DuckDBAppender));
        if (_failed)
            throw new InvalidOperationException($"Appending to {_table} failed before; its unwritten rows are gone.");
    }

    private InvalidOperationException Incomplete() =>
        new($"A row for {_table} has {Math.Max(_column, 0)} of {_columns.Length} values: end it or discard it.");

    private static unsafe DataChunkHandle CreateChunk(LogicalTypeHandle[] types)
    {
        var pointers = Array.ConvertAll(types, t => t.DangerousGetHandle());
        fixed (nint* first = pointers)
            return NativeMethods.duckdb_create_data_chunk(first, (ulong)pointers.Length);
    }
}
