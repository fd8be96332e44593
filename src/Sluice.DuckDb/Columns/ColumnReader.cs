using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Columns;

/// <summary>Reads one column, or one nested part of it, out of the chunk that it is attached to.</summary>
internal abstract unsafe class ColumnReader
{
    private ulong* _validity;

    internal abstract Type FieldType { get; }

    /// <summary>The vector's values, valid until the chunk is given back.</summary>
    protected byte* Data { get; private set; }

    internal virtual void Attach(nint vector)
    {
        Data = NativeMethods.duckdb_vector_get_data(vector);
        _validity = NativeMethods.duckdb_vector_get_validity(vector);
    }

    // No mask: no NULLs.
    internal bool IsNull(long row) => _validity != null && (_validity[row >> 6] & (1UL << (int)(row & 63))) == 0;

    /// <summary>The value of a row that is not NULL.</summary>
    internal abstract object Value(long row);

    internal object? ValueOrNull(long row)
    {
        if (IsNull(row))
            return null;
        // A union that is there may hold a member that is not.
        var value = Value(row);
        return value is DBNull ? null : value;
    }
}
