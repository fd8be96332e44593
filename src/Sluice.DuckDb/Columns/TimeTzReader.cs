using Sluice.DuckDb.Execution;

namespace Sluice.DuckDb.Columns;

/// <summary>A time with its offset, on 2 January of year 1: on the first, an eastern offset would leave .NET's range.</summary>
internal sealed unsafe class TimeTzReader : TypedColumnReader<DateTimeOffset>
{
    private const int OffsetBits = 24;

    // DuckDB keeps the offset in seconds, upside down so that the bits sort.
    private const int MaxOffset = (16 * 60 * 60) - 1;

    internal override DateTimeOffset Read(long row)
    {
        var bits = ((ulong*)Data)[row];
        var time = Moment.ToTime((long)(bits >> OffsetBits));
        var offset = TimeSpan.FromSeconds(MaxOffset - (int)(bits & ((1 << OffsetBits) - 1)));
        if (offset.Seconds != 0 || offset.Duration() > TimeSpan.FromHours(14))
            throw new InvalidCastException($"The time {time} has the offset {offset}, which .NET can't hold: CAST it to VARCHAR in the query.");
        return new DateTimeOffset(new DateOnly(1, 1, 2), time, offset);
    }
}
