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
        if (period == "hours")
        {
            return Hours(zone, from, until);
        }

        var boundaries = new List<long>();
        var start = Floor(Local(from, zone), period);
        for (var step = 0; boundaries.Count == 0 || boundaries[^1] <= until; step++)
        {
            boundaries.Add(Utc(Add(start, period, step), zone));
        }

        return [.. boundaries];
    }

    // Hours go on while clocks are changed: the day of the change has 23 or 25 of them.
    private static long[] Hours(TimeZoneInfo zone, long from, long until)
    {
        var minutes = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(from), zone);
        var start = from - (minutes.Minute * 60) - minutes.Second;
        return [.. Enumerable.Range(0, (int)((until - start) / 3600) + 2).Select(hour => start + (hour * 3600L))];
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

    /// <summary>The first second at which the zone's clock shows a midnight or, where it skips that, anything later.</summary>
    private static long Utc(DateTime local, TimeZoneInfo zone)
    {
        var usual = new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUnixTimeSeconds();
        if (Local(usual, zone) == local && Local(usual - 1, zone) < local && Local(usual - 3 * 3600, zone) < local.AddHours(-2))
        {
            return usual;
        }

        var second = new DateTimeOffset(local, TimeSpan.Zero).ToUnixTimeSeconds() - 15 * 3600;
        while (Local(second, zone) < local)
        {
            second += 60;
        }

        return second;
    }
}
