namespace Sluice.Simulator.Data;

/// <summary>The period boundaries of a metric series: hours, days from midnight, weeks from Sunday, months from the first.</summary>
internal static class Periods
{
    /// <summary>The vendor's day starts at midnight UTC-5 all year.</summary>
    public static readonly TimeZoneInfo Est = TimeZoneInfo.CreateCustomTimeZone("EST", TimeSpan.FromHours(-5), "EST", "EST");

    /// <summary>The boundaries of the given number of periods, the last of which contains <paramref name="now"/>.</summary>
    public static long[] Ending(string period, int steps, long now)
    {
        var boundaries = new long[steps + 1];
        var start = Floor(Local(now, Est), period);
        for (var step = 0; step <= steps; step++)
        {
            boundaries[step] = Utc(Add(start, period, step - steps + 1), Est);
        }

        return boundaries;
    }

    /// <summary>The periods from the one that contains the start to the one that contains the end.</summary>
    public static long[] Between(string period, TimeZoneInfo zone, long from, long until)
    {
        var boundaries = new List<long>();
        var start = Floor(Local(from, zone), period);
        for (var step = 0; boundaries.Count == 0 || boundaries[^1] <= until; step++)
        {
            boundaries.Add(Utc(Add(start, period, step), zone));
        }

        return [.. boundaries];
    }

    private static DateTime Local(long second, TimeZoneInfo zone)
        => TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(second), zone).DateTime;

    private static DateTime Floor(DateTime local, string period) => period switch
    {
        "hours" => local.Date.AddHours(local.Hour),
        "days" => local.Date,
        "weeks" => local.Date.AddDays(-(int)local.DayOfWeek),
        _ => new DateTime(local.Year, local.Month, 1, 0, 0, 0, DateTimeKind.Unspecified),
    };

    private static DateTime Add(DateTime start, string period, int count) => period switch
    {
        "hours" => start.AddHours(count),
        "days" => start.AddDays(count),
        "weeks" => start.AddDays(7 * count),
        _ => start.AddMonths(count),
    };

    private static long Utc(DateTime local, TimeZoneInfo zone)
    {
        // A midnight that a time zone skips is an hour later; of one that occurs twice the first counts.
        while (zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(30);
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUnixTimeSeconds();
    }
}
