using Sluice.DuckDb.Execution;

namespace Sluice.DuckDb.Appending;

internal sealed unsafe class DateWriter(string column, string typeName) : ColumnWriter(column, typeName)
{
    protected override void Store(long row, object value) => ((int*)Data)[row] = value switch
    {
        DateOnly v => Moment.ToDays(v),
        DateTime v when v.TimeOfDay == TimeSpan.Zero => Moment.ToDays(DateOnly.FromDateTime(v)),
        DateTime => throw Refuse(value, "it has a time of day"),
        _ => throw WrongType(value),
    };
}
