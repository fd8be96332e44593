using System.Globalization;
using System.Runtime.InteropServices;

namespace Sluice.DuckDb;

/// <summary>An INTERVAL as DuckDB keeps it: months and days have no fixed length, so the three parts stay apart.</summary>
/// <param name="Months">Whole months.</param>
/// <param name="Days">Whole days.</param>
/// <param name="Micros">Microseconds.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct DuckDBInterval(int Months, int Days, long Micros)
{
    /// <summary>The span as an interval of microseconds; ticks below a microsecond are cut off.</summary>
    public static DuckDBInterval FromTimeSpan(TimeSpan span) => new(0, 0, span.Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>The interval as a span with days of 24 hours.</summary>
    /// <exception cref="InvalidCastException">It holds months, which have no fixed length.</exception>
    /// <exception cref="OverflowException">It is longer than a <see cref="TimeSpan"/> can be.</exception>
    public TimeSpan ToTimeSpan()
    {
        if (Months != 0)
            throw new InvalidCastException($"The interval '{this}' holds months, which a TimeSpan can't: read it as DuckDBInterval.");
        return TimeSpan.FromTicks(checked((Days * TimeSpan.TicksPerDay) + (Micros * TimeSpan.TicksPerMicrosecond)));
    }

    /// <summary>The interval as text that DuckDB reads back.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Months} months {Days} days {Micros} microseconds");
}
