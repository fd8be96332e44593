using System.Numerics;

namespace Sluice.DuckDb.Appending;

/// <summary>FLOAT and DOUBLE: fractions are rounded as always, whole numbers have to fit exactly (an id must not change).</summary>
internal sealed unsafe class FloatWriter<T>(string column, string typeName) : ColumnWriter(column, typeName)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal override void WriteDouble(long row, double value)
    {
        SetValid(row);
        var stored = T.CreateChecked(value);
        if (T.IsInfinity(stored) && !double.IsInfinity(value))
            throw OutOfRange(value);
        ((T*)Data)[row] = stored;
    }

    protected override void Store(long row, object value)
    {
        switch (value)
        {
            case double v: WriteDouble(row, v); break;
            case float v: WriteDouble(row, v); break;
            case decimal v: ((T*)Data)[row] = T.CreateChecked(v); break;
            case sbyte v: Exact(row, v); break;
            case short v: Exact(row, v); break;
            case int v: Exact(row, v); break;
            case long v: Exact(row, v); break;
            case byte v: Exact(row, v); break;
            case ushort v: Exact(row, v); break;
            case uint v: Exact(row, v); break;
            case ulong v: Exact(row, v); break;
            case Int128 v: Exact(row, v); break;
            case BigInteger v: Exact(row, v); break;
            default: throw WrongType(value);
        }
    }

    private void Exact<TValue>(long row, TValue value)
        where TValue : INumber<TValue>
    {
        var stored = T.CreateChecked(value);
        if (T.IsInfinity(stored) || BigInteger.CreateChecked(stored) != BigInteger.CreateChecked(value))
            throw Refuse(value, "the type has too few digits for it");
        ((T*)Data)[row] = stored;
    }
}
