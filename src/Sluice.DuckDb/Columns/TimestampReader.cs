using Sluice.DuckDb.Execution;

namespace Sluice.DuckDb.Columns;

/// <summary>TIMESTAMP, _S, _MS and _NS: a moment without a time zone.</summary>
internal sealed unsafe class TimestampReader(long ticksPerUnit) : TypedColumnReader<DateTime>
{
    internal override DateTime Read(long row) => Moment.FromUnits(((long*)Data)[row], ticksPerUnit, DateTimeKind.Unspecified);
}
