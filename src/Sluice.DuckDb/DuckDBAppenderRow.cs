using System.Runtime.CompilerServices;
using Sluice.DuckDb.Appending;

namespace Sluice.DuckDb;

/// <summary>The row that an appender is at: a value for each column in order, then <see cref="EndRow"/>.</summary>
public sealed class DuckDBAppenderRow
{
    private readonly ChunkAppender _chunks;

    internal DuckDBAppenderRow(ChunkAppender chunks) => _chunks = chunks;

    /// <summary>Gives the next column its value.</summary>
    /// <exception cref="DuckDBException">The value does not fit the column; the message names both. The row can be discarded.</exception>
    public DuckDBAppenderRow AppendValue<T>(T? value)
    {
        var column = _chunks.NextColumn();
        // The type is known when the method is compiled, so that only one branch stays and common values are not boxed.
        if (typeof(T) == typeof(long))
            column.WriteInteger(_chunks.Row, Unsafe.As<T, long>(ref value!));
        else if (typeof(T) == typeof(int))
            column.WriteInteger(_chunks.Row, Unsafe.As<T, int>(ref value!));
        else if (typeof(T) == typeof(short))
            column.WriteInteger(_chunks.Row, Unsafe.As<T, short>(ref value!));
        else if (typeof(T) == typeof(byte))
            column.WriteInteger(_chunks.Row, Unsafe.As<T, byte>(ref value!));
        else if (typeof(T) == typeof(double))
            column.WriteDouble(_chunks.Row, Unsafe.As<T, double>(ref value!));
        else if (typeof(T) == typeof(bool))
            column.WriteBoolean(_chunks.Row, Unsafe.As<T, bool>(ref value!));
        else
            column.Write(_chunks.Row, value);
        _chunks.ColumnDone();
        return this;
    }

    /// <summary>Gives the next column text that is UTF-8 already.</summary>
    /// <exception cref="DuckDBException">The column does not hold text, or the bytes are not UTF-8 (or not JSON in a JSON column).</exception>
    public DuckDBAppenderRow AppendUtf8(ReadOnlySpan<byte> value)
    {
        _chunks.NextColumn().WriteUtf8(_chunks.Row, value);
        _chunks.ColumnDone();
        return this;
    }

    /// <summary>Makes the next column NULL.</summary>
    public DuckDBAppenderRow AppendNullValue()
    {
        _chunks.NextColumn().WriteNull(_chunks.Row);
        _chunks.ColumnDone();
        return this;
    }

    /// <summary>Gives the next column its default.</summary>
    /// <exception cref="DuckDBException">The default can't be appended, as that of a sequence.</exception>
    public DuckDBAppenderRow AppendDefault()
    {
        _chunks.WriteDefault();
        _chunks.ColumnDone();
        return this;
    }

    /// <summary>Ends the row.</summary>
    /// <exception cref="InvalidOperationException">A column has no value.</exception>
    public void EndRow() => _chunks.EndRow();

    /// <summary>Forgets the row, for example after a value that did not fit.</summary>
    public void Discard() => _chunks.DiscardRow();
}
