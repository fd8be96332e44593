using System.Numerics;

namespace Sluice.DuckDb.Appending;

/// <summary>TINYINT to UHUGEINT: whole numbers of every .NET type that fit.</summary>
internal sealed unsafe class IntegerWriter<T>(string column, string typeName) : ColumnWriter(column, typeName)
    where T : unmanaged, IBinaryInteger<T>
{
    internal override void WriteInteger(long row, long value)
    {
        SetValid(row);
        Set(row, value);
    }

    protected override void Store(long row, object value)
    {
        switch (value)
        {
            case sbyte v: Set(row, v); break;
            case short v: Set(row, v); break;
            case int v: Set(row, v); break;
            case long v: Set(row, v); break;
            case byte v: Set(row, v); break;
            case ushort v: Set(row, v); break;
            case uint v: Set(row, v); break;
            case ulong v: Set(row, v); break;
            case Int128 v: Set(row, v); break;
            case UInt128 v: Set(row, v); break;
            case BigInteger v: Set(row, v); break;
            case decimal v when decimal.IsInteger(v): Set(row, v); break;
            case double v when double.IsInteger(v): Set(row, v); break;
            case float v when float.IsInteger(v): Set(row, v); break;
            case decimal or double or float: throw Refuse(value, "it is not a whole number");
            default: throw WrongType(value);
        }
    }

    private void Set<TValue>(long row, TValue value)
        where TValue : INumberBase<TValue>
    {
        try
        {
            ((T*)Data)[row] = T.CreateChecked(value);
        }
        catch (OverflowException)
        {
            throw OutOfRange(value);
        }
    }
}
