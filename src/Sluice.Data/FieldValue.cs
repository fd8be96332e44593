using System.Globalization;
using System.Numerics;

namespace Sluice.Data;

/// <summary>
/// Values as the reader gives them, and what else they can be read as: any type that holds every value of the column, and no other, so that a program
/// that works does not fail with the first large number.
/// </summary>
internal static class FieldValue
{
    public const string TimestampWithZone = "TIMESTAMP WITH TIME ZONE";

    private static readonly Dictionary<Type, Type[]> Wider = new()
    {
        [typeof(sbyte)] = [typeof(short), typeof(int), typeof(long), typeof(float), typeof(double), typeof(decimal)],
        [typeof(byte)] =
            [typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(float), typeof(double), typeof(decimal)],
        [typeof(short)] = [typeof(int), typeof(long), typeof(float), typeof(double), typeof(decimal)],
        [typeof(ushort)] = [typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(float), typeof(double), typeof(decimal)],
        [typeof(int)] = [typeof(long), typeof(double), typeof(decimal)],
        [typeof(uint)] = [typeof(long), typeof(ulong), typeof(double), typeof(decimal)],
        [typeof(long)] = [typeof(decimal)],
        [typeof(ulong)] = [typeof(decimal)],
        [typeof(float)] = [typeof(double)],
    };

    /// <summary>The type of the values that the reader gives for those of DuckDB's driver.</summary>
    /// <param name="raw">The driver's type.</param>
    /// <param name="type">The column's type in SQL.</param>
    public static Type TypeOf(Type raw, string type) =>
        type == TimestampWithZone ? typeof(DateTime)
        : raw == typeof(BigInteger) ? typeof(decimal)
        : raw == typeof(DateOnly) ? typeof(DateTime)
        : raw == typeof(TimeOnly) ? typeof(TimeSpan)
        : typeof(Stream).IsAssignableFrom(raw) ? typeof(byte[])
        : raw;

    /// <summary>The value that the reader gives for one of the driver.</summary>
    /// <exception cref="InvalidCastException">It is a number of more than 28 digits.</exception>
    public static object Of(object raw, ResultColumn column) => raw switch
    {
        BigInteger big => ToDecimal(big, column),
        DateOnly day => day.ToDateTime(TimeOnly.MinValue),
        TimeOnly time => time.ToTimeSpan(),
        DateTimeOffset time when column.DataTypeName == TimestampWithZone => time.UtcDateTime,
        DateTime time when column.DataTypeName == TimestampWithZone => DateTime.SpecifyKind(time, DateTimeKind.Utc),
        Stream stream => Bytes(stream),
        _ => raw,
    };

    /// <summary>The value as a type of the caller's choice.</summary>
    /// <exception cref="InvalidCastException">The type does not hold every value of the column, or the value is NULL.</exception>
    public static T As<T>(object raw, ResultColumn column)
    {
        var wanted = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        if (raw is DBNull)
        {
            return raw is T ? (T)raw
                : wanted != typeof(T) ? default!
                : throw new InvalidCastException($"The column {column.ColumnName} is NULL in this row: IsDBNull tells that.");
        }

        if (raw is T same && typeof(T) != typeof(object) && raw is not DateTime and not Stream)
        {
            return same;
        }

        var value = Of(raw, column);
        return value is T shown ? shown : (T)Convert(value, wanted, column);
    }

    private static object Convert(object value, Type wanted, ResultColumn column) => value switch
    {
        _ when Wider.TryGetValue(value.GetType(), out var wider) && wider.Contains(wanted) =>
            System.Convert.ChangeType(value, wanted, CultureInfo.InvariantCulture),
        sbyte or byte or short or ushort or int or uint or long or ulong when wanted == typeof(BigInteger) =>
            BigInteger.Parse(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
        DateTime { Kind: DateTimeKind.Utc } time when wanted == typeof(DateTimeOffset) => new DateTimeOffset(time),
        string { Length: 1 } text when wanted == typeof(char) => text[0],
        string text when wanted == typeof(TextReader) => new StringReader(text),
        byte[] bytes when wanted == typeof(Stream) => new MemoryStream(bytes, writable: false),
        _ => throw new InvalidCastException(
            $"The column {column.ColumnName} is {column.DataTypeName}, of which {wanted.Name} does not hold every value: read it as "
                + $"{column.DataType!.Name}, or cast it in the query."),
    };

    private static decimal ToDecimal(BigInteger big, ResultColumn column)
    {
        try
        {
            return (decimal)big;
        }
        catch (OverflowException error)
        {
            throw new InvalidCastException(
                $"The column {column.ColumnName} holds {big}, which is no Decimal: GetFieldValue<BigInteger> reads it.", error);
        }
    }

    private static byte[] Bytes(Stream stream)
    {
        using var copy = new MemoryStream();
        stream.Position = 0;
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
