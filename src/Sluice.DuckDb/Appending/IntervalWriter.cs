namespace Sluice.DuckDb.Appending;

internal sealed unsafe class IntervalWriter(string column, string typeName) : ColumnWriter(column, typeName)
{
    protected override void Store(long row, object value) => ((DuckDBInterval*)Data)[row] = value switch
    {
        TimeSpan v => DuckDBInterval.FromTimeSpan(v),
        DuckDBInterval v => v,
        _ => throw WrongType(value),
    };
}
