using System.Numerics;
using Sluice.DuckDb.Execution;
using Sluice.DuckDb.Native;

namespace Sluice.DuckDb.Appending;

/// <summary>DECIMAL: numbers that keep all their digits at the column's width and scale.</summary>
internal sealed unsafe class DecimalWriter(string column, string typeName, NativeType storage, int width, int scale) : ColumnWriter(column, typeName)
{
    private readonly BigInteger _limit = BigInteger.Pow(10, width);

    protected override void Store(long row, object value)
    {
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
