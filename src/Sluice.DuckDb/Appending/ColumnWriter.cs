using System.Globalization;
using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Appending;

/// <summary>Writes one column, or one nested part of it, into a chunk; the column's type decides what fits, never the value's.</summary>
internal abstract unsafe class ColumnWriter(string column, string typeName)
{
    private ulong* _validity;

    protected string Column => column;

    protected nint Vector { get; private set; }

    protected byte* Data { get; private set; }

    internal virtual void Attach(nint vector)
    {
        Vector = vector;
        Data = NativeMethods.duckdb_vector_get_data(vector);
        _validity = null;
    }

    internal virtual void WriteNull(long row)
    {
        if (_validity == null)
        {
            NativeMethods.duckdb_vector_ensure_validity_writable(Vector);
            _validity = NativeMethods.duckdb_vector_get_validity(Vector);
        }
        _validity[row >> 6] &= ~(1UL << (int)(row & 63));
    }

    internal void Write(long row, object? value)
    {
        if (value is null or DBNull)
        {
            WriteNull(row);
            return;
        }
        SetValid(row);
        Store(row, value);
    }

    internal virtual void WriteInteger(long row, long value) => Write(row, value);

    internal virtual void WriteDouble(long row, double value) => Write(row, value);

    internal virtual void WriteBoolean(long row, bool value) => Write(row, value);

    internal virtual void WriteUtf8(long row, ReadOnlySpan<byte> value) => throw Refuse("UTF-8 text", "the column does not hold text");

    protected abstract void Store(long row, object value);

    /// <summary>A row that was given up may have left a NULL here.</summary>
    protected void SetValid(long row)
    {
        if (_validity != null)
            _validity[row >> 6] |= 1UL << (int)(row & 63);
    }

    protected DuckDBException OutOfRange(object value) => Refuse(value, "it is outside the type's range");

    protected DuckDBException WrongType(object value) => Refuse(value, "it is of another kind");

    protected DuckDBException Refuse(object value, string why)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        if (text.Length > 100)
            text = $"{text.AsSpan(0, 100)}…";
        return new DuckDBException($"Column '{column}' ({typeName}) can't take the {value.GetType().Name} '{text}': {why}.", DuckDBErrorType.Conversion);
    }
}
