using Sluice.DuckDb.Execution;

namespace Sluice.DuckDb.Appending;

/// <summary>The TIMESTAMP types. With a time zone, and from a value that has one, it is the moment in UTC; else the clock as given.</summary>
/// <param name="column">The column's name.</param>
/// <param name="typeName">The column's type.</param>
/// <param name="ticksPerUnit">Ticks a stored unit; 0 for nanoseconds, of which 100 make a tick.</param>
/// <param name="withZone">Whether a local time is converted.</param>
internal sealed unsafe class TimestampWriter(string column, string typeName, long ticksPerUnit, bool withZone) : ColumnWriter(column, typeName)
{
    protected override void Store(long row, object value)
    {
        var time = value switch
        {
            DateTimeOffset v => v.UtcDateTime,
            DateTime v => withZone && v.Kind == DateTimeKind.Local ? v.ToUniversalTime() : v,
            DateOnly v => v.ToDateTime(TimeOnly.MinValue),
            _ => throw WrongType(value),
        };
        ((long*)Data)[row] = ticksPerUnit == 0 ? Nanoseconds(time, value) : Moment.ToUnits(time, ticksPerUnit);
    }

    private long Nanoseconds(DateTime time, object value)
    {
        var nanos = (Int128)(time.Ticks - DateTime.UnixEpoch.Ticks) * TimeSpan.NanosecondsPerTick;
        return nanos is var n && n > long.MinValue + 1 && n < long.MaxValue ? (long)n : throw OutOfRange(value);
    }
}
