using Sluice.DuckDb.Execution;

namespace Sluice.DuckDb.Columns;

internal sealed unsafe class TimeReader : TypedColumnReader<TimeOnly>
{
    internal override TimeOnly Read(long row) => Moment.ToTime(((long*)Data)[row]);
}
