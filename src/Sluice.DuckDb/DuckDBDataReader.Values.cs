using Sluice.DuckDb.Columns;

namespace Sluice.DuckDb;

public sealed partial class DuckDBDataReader
{
    /// <summary>The UTF-8 bytes of a VARCHAR, without a copy: valid until the next row is read or the reader is closed.</summary>
    /// <exception cref="InvalidCastException">The column is not VARCHAR, or the value is NULL.</exception>
    public ReadOnlySpan<byte> GetUtf8(int ordinal)
    {
        var column = NotNull(ordinal);
        return column is VarcharReader text ? text.Bytes(_row) : throw Mismatch(ordinal, "UTF-8 text", null);
    }

    /// <inheritdoc />
    public override bool IsDBNull(int ordinal) => Column(ordinal).IsNull(_row);

    /// <inheritdoc />
    public override Task<bool> IsDBNullAsync(int ordinal, CancellationToken cancellationToken) => Task.FromResult(IsDBNull(ordinal));

    /// <summary>The value in its column's .NET type; <see cref="DBNull"/> for NULL.</summary>
    public override object GetValue(int ordinal) => Column(ordinal) is var column && column.IsNull(_row) ? DBNull.Value : column.Value(_row);

    /// <inheritdoc />
    public override int GetValues(object[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var count = Math.Min(values.Length, FieldCount);
        for (var i = 0; i < count; i++)
            values[i] = GetValue(i);
        return count;
    }

    /// <summary>The value as <typeparamref name="T"/>; NULL as null when <typeparamref name="T"/> is nullable, else it throws.</summary>
    /// <exception cref="InvalidCastException">The value is NULL or of another kind.</exception>
    /// <exception cref="OverflowException">The number is outside the range of <typeparamref name="T"/>.</exception>
    public override T GetFieldValue<T>(int ordinal)
    {
        var column = Column(ordinal);
        if (column.IsNull(_row))
        {
            if (typeof(T) == typeof(object))
                return (T)(object)DBNull.Value;
            return default(T) is null && typeof(T).IsValueType ? default! : throw IsNull(ordinal);
        }
        if (typeof(T) == typeof(DuckDBInterval) && column is IntervalReader interval)
            return (T)(object)interval.Interval(_row);
        return Convert<T>(column, ordinal);
    }

    /// <inheritdoc />
    public override Task<T> GetFieldValueAsync<T>(int ordinal, CancellationToken cancellationToken) => Task.FromResult(GetFieldValue<T>(ordinal));

    /// <inheritdoc />
    public override bool GetBoolean(int ordinal) => Get<bool>(ordinal);

    /// <inheritdoc />
    public override byte GetByte(int ordinal) => Get<byte>(ordinal);

    /// <inheritdoc />
    public override char GetChar(int ordinal) => Get<char>(ordinal);

    /// <inheritdoc />
    public override DateTime GetDateTime(int ordinal) => Get<DateTime>(ordinal);

    /// <inheritdoc />
    public override decimal GetDecimal(int ordinal) => Get<decimal>(ordinal);

    /// <inheritdoc />
    public override double GetDouble(int ordinal) => Get<double>(ordinal);

    /// <inheritdoc />
    public override float GetFloat(int ordinal) => Get<float>(ordinal);

    /// <inheritdoc />
    public override Guid GetGuid(int ordinal) => Get<Guid>(ordinal);

    /// <inheritdoc />
    public override short GetInt16(int ordinal) => Get<short>(ordinal);

    /// <inheritdoc />
    public override int GetInt32(int ordinal) => Get<int>(ordinal);

    /// <inheritdoc />
    public override long GetInt64(int ordinal) => Get<long>(ordinal);

    /// <inheritdoc />
    public override string GetString(int ordinal) => Get<string>(ordinal);

    /// <inheritdoc />
    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) =>
        Copy(Get<byte[]>(ordinal), dataOffset, buffer, bufferOffset, length);

    /// <inheritdoc />
    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) =>
        Copy(Get<string>(ordinal).AsSpan(), dataOffset, buffer, bufferOffset, length);

    private static long Copy<T>(ReadOnlySpan<T> value, long dataOffset, T[]? buffer, int bufferOffset, int length)
    {
        if (buffer is null)
            return value.Length;
        ArgumentOutOfRangeException.ThrowIfNegative(dataOffset);
        if (dataOffset >= value.Length)
            return 0;
        var part = value[(int)dataOffset..];
        part = part[..Math.Min(part.Length, Math.Min(length, buffer.Length - bufferOffset))];
        part.CopyTo(buffer.AsSpan(bufferOffset));
        return part.Length;
    }

    private T Get<T>(int ordinal)
        where T : notnull
    {
        var column = NotNull(ordinal);
        return column is TypedColumnReader<T> same ? same.Read(_row) : Convert<T>(column, ordinal);
    }

    private T Convert<T>(ColumnReader column, int ordinal)
    {
        try
        {
            return ValueConverter.To<T>(column.Value(_row));
        }
        catch (Exception e) when (e is InvalidCastException or OverflowException or ArgumentException)
        {
            throw e is OverflowException
                ? new OverflowException($"Column '{_columns[ordinal].Name}': {e.Message}", e)
                : Mismatch(ordinal, typeof(T).Name, e);
        }
    }

    private ColumnReader NotNull(int ordinal)
    {
        var column = Column(ordinal);
        return column.IsNull(_row) ? throw IsNull(ordinal) : column;
    }

    private InvalidCastException IsNull(int ordinal) =>
        new($"Column '{_columns[ordinal].Name}' is NULL in this row: ask IsDBNull first, or read a nullable type.");

    private InvalidCastException Mismatch(int ordinal, string wanted, Exception? cause) =>
        new($"Column '{_columns[ordinal].Name}' of type {_columns[ordinal].TypeName} can't be read as {wanted}. {cause?.Message}".TrimEnd(), cause);
}
