using Sluice.DuckDb.Execution;

namespace Sluice.DuckDb.Columns;

internal sealed unsafe class TimeNsReader : TypedColumnReader<TimeOnly>
{
    private const long NanosecondsPerMicrosecond = 1000;

    internal override TimeOnly Read(long row)
    {
        var nanos = ((long*)Data)[row];
        return Moment.ToTime(nanos / NanosecondsPerMicrosecond).Add(TimeSpan.FromTicks(nanos % NanosecondsPerMicrosecond / TimeSpan.NanosecondsPerTick));
    }
}
