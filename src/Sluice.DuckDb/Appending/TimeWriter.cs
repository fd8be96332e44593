namespace Sluice.DuckDb.Appending;

internal sealed unsafe class TimeWriter(string column, string typeName) : ColumnWriter(column, typeName)
{
    protected override void Store(long row, object value) => ((long*)Data)[row] = value switch
    {
        TimeOnly v => v.Ticks / TimeSpan.TicksPerMicrosecond,
        TimeSpan v when v >= TimeSpan.Zero && v.Ticks <= TimeSpan.TicksPerDay => v.Ticks / TimeSpan.TicksPerMicrosecond,
        TimeSpan => throw OutOfRange(value),
        _ => throw WrongType(value),
    };
}
