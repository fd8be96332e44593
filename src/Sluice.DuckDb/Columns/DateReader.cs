using Sluice.DuckDb.Execution;

namespace Sluice.DuckDb.Columns;

internal sealed unsafe class DateReader : TypedColumnReader<DateOnly>
{
    internal override DateOnly Read(long row) => Moment.FromDays(((int*)Data)[row]);
}
