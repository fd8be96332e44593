namespace Sluice.DuckDb.Columns;

internal sealed unsafe class IntervalReader : TypedColumnReader<TimeSpan>
{
    internal override TimeSpan Read(long row) => Interval(row).ToTimeSpan();

    internal DuckDBInterval Interval(long row) => ((DuckDBInterval*)Data)[row];
}
