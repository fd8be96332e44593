using System.Numerics;
using Sluice.DuckDb.Execution;
using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Appending;

/// <summary>DECIMAL: numbers that keep all their digits at the column's width and scale.</summary>
internal sealed unsafe class DecimalWriter(string column, string typeName, NativeType storage, int width, int scale) : ColumnWriter(column, typeName)
{
    // 96 bits of a .NET decimal times 10^9 still fit 128.
    private const int MaxFastShift = 9;
    private readonly BigInteger _limit = BigInteger.Pow(10, width);
    private readonly Int128 _fastLimit = (Int128)BigInteger.Pow(10, width);

    protected override void Store(long row, object value)
    {
        if (value is decimal number && scale - number.Scale is var shift and >= 0 and <= MaxFastShift)
        {
            var shifted = DecimalParts.Unscaled(number) * PowerOfTen(shift);
            if (Int128.Abs(shifted) >= _fastLimit)
                throw OutOfRange(value);
            Set(row, shifted);
            return;
        }
        var (digits, digitScale) = Split(value);
        if (digitScale <= scale)
        {
            digits *= BigInteger.Pow(10, scale - digitScale);
        }
        else
        {
            digits = BigInteger.DivRem(digits, BigInteger.Pow(10, digitScale - scale), out var rest);
            if (!rest.IsZero)
                throw Refuse(value, "it has more decimal places");
        }
        if (BigInteger.Abs(digits) >= _limit)
            throw OutOfRange(value);
        Set(row, (Int128)digits);
    }

    private static long PowerOfTen(int exponent)
    {
        var power = 1L;
        while (exponent-- > 0)
            power *= 10;
        return power;
    }

    private (BigInteger Digits, int Scale) Split(object value) => value switch
    {
        decimal v => (DecimalParts.Unscaled(v), v.Scale),
        double v when double.IsFinite(v) && Math.Abs(v) < (double)decimal.MaxValue => Split((decimal)v),
        float v when float.IsFinite(v) && Math.Abs(v) < (float)decimal.MaxValue => Split((decimal)v),
        sbyte v => (v, 0),
        short v => (v, 0),
        int v => (v, 0),
        long v => (v, 0),
        byte v => (v, 0),
        ushort v => (v, 0),
        uint v => (v, 0),
        ulong v => (v, 0),
        Int128 v => (v, 0),
        UInt128 v => (v, 0),
        BigInteger v => (v, 0),
        double or float => throw OutOfRange(value),
        _ => throw WrongType(value),
    };

    private void Set(long row, Int128 value)
    {
        switch (storage)
        {
            case NativeType.SmallInt: ((short*)Data)[row] = (short)value; break;
            case NativeType.Integer: ((int*)Data)[row] = (int)value; break;
            case NativeType.BigInt: ((long*)Data)[row] = (long)value; break;
            default: ((NativeHugeInt*)Data)[row] = new NativeHugeInt(value); break;
        }
    }
}
