using System.Globalization;
using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Execution;

/// <summary>.NET's decimals (96 bits, scale to 28) and DuckDB's (38 digits, scale to 38).</summary>
internal static class DecimalParts
{
    private const int MaxDotNetScale = 28;
    private static readonly UInt128 MaxDotNetValue = (UInt128.One << 96) - 1;

    internal static NativeDecimal Of(decimal value)
    {
        var unscaled = Unscaled(value);
        var digits = Int128.Abs(unscaled).ToString(CultureInfo.InvariantCulture).Length;
        return new NativeDecimal
        {
            Width = (byte)Math.Max(digits, value.Scale),
            Scale = value.Scale,
            Value = new NativeHugeInt(unscaled),
        };
    }

    internal static Int128 Unscaled(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var magnitude = new Int128((uint)bits[2], ((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
        return decimal.IsNegative(value) ? -magnitude : magnitude;
    }

    /// <exception cref="OverflowException">The value has more digits than a .NET decimal.</exception>
    internal static decimal Join(Int128 unscaled, int scale)
    {
        var value = unscaled;
        // Zeros at the end are the only digits that can go without changing the number.
        while (scale > 0 && (scale > MaxDotNetScale || Magnitude(value) > MaxDotNetValue) && value % 10 == 0)
        {
            value /= 10;
            scale--;
        }
        var magnitude = Magnitude(value);
        if (scale > MaxDotNetScale || magnitude > MaxDotNetValue)
            throw new OverflowException($"The decimal {unscaled}e-{scale} has more digits than a .NET decimal: CAST it to VARCHAR in the query.");
        var low = (ulong)(magnitude & ulong.MaxValue);
        return new decimal((int)(uint)low, (int)(uint)(low >> 32), (int)(uint)(magnitude >> 64), Int128.IsNegative(value), (byte)scale);
    }

    private static UInt128 Magnitude(Int128 value) => Int128.IsNegative(value) ? (UInt128)(-value) : (UInt128)value;
}
