namespace Sluice.DuckDb.Execution;

/// <summary>DuckDB's counts since 1970 and .NET's dates. Ticks below a microsecond are cut off towards the past.</summary>
internal static class Moment
{
    private static readonly int EpochDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    internal static long ToMicros(DateTime value) => ToUnits(value, TimeSpan.TicksPerMicrosecond);

    /// <summary>Whole units since 1970, also before it; what is smaller than a unit is cut off towards the past.</summary>
    internal static long ToUnits(DateTime value, long ticksPerUnit)
    {
        var units = Math.DivRem(value.Ticks - DateTime.UnixEpoch.Ticks, ticksPerUnit, out var rest);
        return rest < 0 ? units - 1 : units;
    }

    internal static int ToDays(DateOnly value) => value.DayNumber - EpochDay;

    internal static DateOnly FromDays(int days)
    {
        // In 64 bits: DuckDB's infinities are the ends of 32.
        var number = (long)days + EpochDay;
        return number >= 0 && number <= DateOnly.MaxValue.DayNumber
            ? DateOnly.FromDayNumber((int)number)
            : throw OutOfRange(days switch { int.MaxValue => "infinity", -int.MaxValue => "-infinity", _ => $"day {days} of 1970" }, "date");
    }

    /// <param name="value">Units since 1970.</param>
    /// <param name="ticksPerUnit">Ticks a unit; 0 for nanoseconds, of which 100 make a tick.</param>
    /// <param name="kind">The kind of the result.</param>
    internal static DateTime FromUnits(long value, long ticksPerUnit, DateTimeKind kind)
    {
        if (value is long.MaxValue or -long.MaxValue)
            throw OutOfRange(value > 0 ? "infinity" : "-infinity", "timestamp");
        var ticks = ticksPerUnit == 0 ? Math.DivRem(value, 100L, out var rest) - (rest < 0 ? 1 : 0) : (Int128)value * ticksPerUnit;
        ticks += DateTime.UnixEpoch.Ticks;
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks
            ? new DateTime((long)ticks, kind)
            : throw OutOfRange($"{value} since 1970", "timestamp");
    }

    internal static TimeOnly ToTime(long micros) =>
        micros < TimeSpan.TicksPerDay / TimeSpan.TicksPerMicrosecond
            ? new TimeOnly(micros * TimeSpan.TicksPerMicrosecond)
            : throw OutOfRange("24:00:00", "time");

    private static InvalidCastException OutOfRange(string value, string what) =>
        new($"The {what} {value} is outside what .NET can hold: CAST it to VARCHAR in the query.");
}
