using System.Collections;
using System.Data;
using System.Globalization;
using System.Numerics;
using Sluice.Engine.DuckDb;

namespace Sluice.Data;

/// <summary>Values of parameters as SQL.</summary>
internal static class ParameterLiteral
{
    private const string Times = "yyyy-MM-dd HH:mm:ss.ffffff";

    /// <summary>The value as an expression that can be nothing but this value.</summary>
    /// <exception cref="NotSupportedException">There is no SQL type for it.</exception>
    public static string Of(object value, DbType type) => value switch
    {
        DBNull => "NULL",
        string text => DuckDBLiteral.Quote(text),
        char letter => DuckDBLiteral.Quote(letter.ToString()),
        bool flag => flag ? "true" : "false",
        Enum name => Of(Convert.ChangeType(name, Enum.GetUnderlyingType(name.GetType()), CultureInfo.InvariantCulture), type),
        long.MinValue => Cast("-9223372036854775808", "BIGINT"),
        ulong number and > long.MaxValue => Cast(number.ToString(CultureInfo.InvariantCulture), "UBIGINT"),
        sbyte or byte or short or ushort or int or uint or long or ulong or decimal => Number((IFormattable)value),
        BigInteger big => Cast(big.ToString(CultureInfo.InvariantCulture), big > BigInteger.Pow(2, 127) - 1 ? "UHUGEINT" : "HUGEINT"),
        float single => Cast(single.ToString("R", CultureInfo.InvariantCulture), "FLOAT"),
        double number => Cast(number.ToString("R", CultureInfo.InvariantCulture), "DOUBLE"),
        DateTime time when type == DbType.Date => Cast(time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), "DATE"),
        DateTime time => Instant(time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : time),
        DateTimeOffset time => Instant(time.UtcDateTime),
        DateOnly day => Cast(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), "DATE"),
        TimeOnly time => Cast(time.ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture), "TIME"),
        TimeSpan span => string.Create(CultureInfo.InvariantCulture, $"to_microseconds({span.Ticks / TimeSpan.TicksPerMicrosecond})"),
        Guid id => Cast(id.ToString(), "UUID"),
        byte[] bytes => $"from_hex('{Convert.ToHexString(bytes)}')",
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(item => Of(item ?? DBNull.Value, type)))}]",
        _ => throw new NotSupportedException($"A parameter can't be a {value.GetType().FullName}: there is no SQL type for it."),
    };

    /// <summary>What ADO.NET calls the type of a value.</summary>
    public static DbType TypeOf(object? value) => value switch
    {
        bool => DbType.Boolean,
        sbyte => DbType.SByte,
        byte => DbType.Byte,
        short => DbType.Int16,
        ushort => DbType.UInt16,
        int => DbType.Int32,
        uint => DbType.UInt32,
        long => DbType.Int64,
        ulong => DbType.UInt64,
        decimal => DbType.Decimal,
        BigInteger => DbType.VarNumeric,
        float => DbType.Single,
        double => DbType.Double,
        DateTime => DbType.DateTime,
        DateTimeOffset => DbType.DateTimeOffset,
        DateOnly => DbType.Date,
        TimeOnly or TimeSpan => DbType.Time,
        Guid => DbType.Guid,
        byte[] => DbType.Binary,
        null or DBNull or string or char => DbType.String,
        _ => DbType.Object,
    };

    // In parentheses a minus never meets another one, which would begin a comment.
    private static string Number(IFormattable number) =>
        number.ToString(null, CultureInfo.InvariantCulture) is var text && text[0] == '-' ? $"({text})" : text;

    // Times of Customer.io are UTC: what does not say otherwise is, too.
    private static string Instant(DateTime time) => Cast($"{time.ToString(Times, CultureInfo.InvariantCulture)}+00", "TIMESTAMPTZ");

    private static string Cast(string text, string type) => $"CAST('{text}' AS {type})";
}
