using System.Globalization;
using System.Numerics;

namespace Sluice.DuckDb.Columns;

/// <summary>Reading a value as another type than its column's: only where the value itself does not change.</summary>
internal static class ValueConverter
{
    internal static T To<T>(object value)
    {
        if (value is T same)
            return same;
        var target = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        return (T)(Convert(value, target)
            ?? throw new InvalidCastException($"A value of type {value.GetType().Name} can't be read as {target.Name}."));
    }

    private static object? Convert(object value, Type target)
    {
        if (target.IsInstanceOfType(value))
            return value;
        if (target.IsEnum)
            return value is string label ? Enum.Parse(target, label, ignoreCase: true) : Number(value, Enum.GetUnderlyingType(target)) is { } n ? Enum.ToObject(target, n) : null;
        if (target == typeof(string))
            return value is Guid or char ? value.ToString() : null;
        return Time(value, target) ?? Number(value, target) ?? Other(value, target);
    }

    private static object? Time(object value, Type target) => value switch
    {
        DateTimeOffset v when target == typeof(DateTime) => v.UtcDateTime,
        DateTime v when target == typeof(DateTimeOffset) => new DateTimeOffset(DateTime.SpecifyKind(v, DateTimeKind.Utc)),
        DateTime v when target == typeof(DateOnly) && v.TimeOfDay == TimeSpan.Zero => DateOnly.FromDateTime(v),
        DateOnly v when target == typeof(DateTime) => v.ToDateTime(TimeOnly.MinValue),
        DateOnly v when target == typeof(DateTimeOffset) => new DateTimeOffset(v.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero),
        TimeOnly v when target == typeof(TimeSpan) => v.ToTimeSpan(),
        _ => null,
    };

    private static object? Number(object value, Type target) => value switch
    {
        sbyte v => Integer(v, target),
        short v => Integer(v, target),
        int v => Integer(v, target),
        long v => Integer(v, target),
        byte v => Integer(v, target),
        ushort v => Integer(v, target),
        uint v => Integer(v, target),
        ulong v => Integer(v, target),
        BigInteger v => Integer(v, target),
        float v => target == typeof(double) ? (double)v : null,
        double v => target == typeof(float) ? (float)v : null,
        decimal v when target == typeof(double) => (double)v,
        decimal v when target == typeof(float) => (float)v,
        // Whole numbers only: cutting digits off is the query's decision.
        decimal v when decimal.Truncate(v) == v => Integer((BigInteger)v, target),
        _ => null,
    };

    /// <exception cref="OverflowException">The number is outside the target's range.</exception>
    private static object? Integer<T>(T value, Type target)
        where T : INumberBase<T>
    {
        if (target == typeof(sbyte)) return sbyte.CreateChecked(value);
        if (target == typeof(short)) return short.CreateChecked(value);
        if (target == typeof(int)) return int.CreateChecked(value);
        if (target == typeof(long)) return long.CreateChecked(value);
        if (target == typeof(byte)) return byte.CreateChecked(value);
        if (target == typeof(ushort)) return ushort.CreateChecked(value);
        if (target == typeof(uint)) return uint.CreateChecked(value);
        if (target == typeof(ulong)) return ulong.CreateChecked(value);
        if (target == typeof(Int128)) return Int128.CreateChecked(value);
        if (target == typeof(UInt128)) return UInt128.CreateChecked(value);
        if (target == typeof(BigInteger)) return BigInteger.CreateChecked(value);
        if (target == typeof(decimal)) return decimal.CreateChecked(value);
        if (target == typeof(double)) return double.CreateChecked(value);
        return target == typeof(float) ? float.CreateChecked(value) : null;
    }

    private static object? Other(object value, Type target) => value switch
    {
        string { Length: 1 } v when target == typeof(char) => v[0],
        string v when target == typeof(Guid) && Guid.TryParse(v, CultureInfo.InvariantCulture, out var guid) => guid,
        byte[] v when target == typeof(Stream) => new MemoryStream(v, writable: false),
        byte[] v when target == typeof(ReadOnlyMemory<byte>) => new ReadOnlyMemory<byte>(v),
        _ => null,
    };
}
