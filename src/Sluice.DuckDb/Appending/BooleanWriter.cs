namespace Sluice.DuckDb.Appending;

internal sealed unsafe class BooleanWriter(string column, string typeName) : ColumnWriter(column, typeName)
{
    internal override void WriteBoolean(long row, bool value)
    {
        SetValid(row);
        Data[row] = value ? (byte)1 : (byte)0;
    }

    protected override void Store(long row, object value) => WriteBoolean(row, value is bool v ? v : throw WrongType(value));
}
