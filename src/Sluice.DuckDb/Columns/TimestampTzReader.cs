using Sluice.DuckDb.Execution;

namespace Sluice.DuckDb.Columns;

internal sealed unsafe class TimestampTzReader(long ticksPerUnit) : TypedColumnReader<DateTimeOffset>
{
    internal override DateTimeOffset Read(long row) => new(Moment.FromUnits(((long*)Data)[row], ticksPerUnit, DateTimeKind.Utc));
}
