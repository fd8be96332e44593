using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Reads the period parameters of the metrics endpoints, in both versions.</summary>
internal static class MetricPeriods
{
    private const int MostPoints = 10_000;

    private static readonly Dictionary<string, string> Resolutions = new(StringComparer.Ordinal)
    {
        ["hours"] = "hours",
        ["hourly"] = "hours",
        ["days"] = "days",
        ["daily"] = "days",
        ["weeks"] = "weeks",
        ["weekly"] = "weeks",
        ["months"] = "months",
        ["monthly"] = "months",
    };

    /// <summary>Version 1: a type of period and the number of periods up to now.</summary>
    public static long[] First(ApiCall call, int mostMonths = 121)
    {
        var period = call.OneOf("period", ["hours", "days", "weeks", "months"]) ?? "days";
        var most = period switch { "hours" => 24, "days" => 45, "weeks" => 12, _ => mostMonths };
        var steps = call.Whole("steps") ?? (period == "months" ? 12 : most);
        if (steps < 0 || steps > most)
        {
            throw ApiException.Invalid($"steps must be between 0 and {most} for {period}");
        }

        return Periods.Ending(period, steps == 0 ? most : (int)Math.Max(2, steps), call.Now);
    }

    /// <summary>Campaigns: the version is required and decides which parameters apply.</summary>
    public static long[] Versioned(ApiCall call) => call.Query["version"] switch
    {
        "1" => First(call, mostMonths: 120),
        "2" => Second(call, "res"),
        null => throw ApiException.Invalid("version is required"),
        var other => throw ApiException.Invalid($"unknown version: {other}"),
    };

    /// <summary>A resolution, a time zone, a start and an end.</summary>
    public static long[] Second(ApiCall call, string resolutionName)
    {
        var name = call.Query[resolutionName] ?? throw ApiException.Invalid($"{resolutionName} is required");
        var period = Resolutions.GetValueOrDefault(name) ?? throw ApiException.Invalid($"unknown {resolutionName}: {name}");
        var from = call.Whole("start") ?? throw ApiException.Invalid("start is required");
        var until = call.Whole("end") ?? throw ApiException.Invalid("end is required");
        if (from < 0 || from > until || until > 253_000_000_000)
        {
            throw ApiException.Invalid("start must be before end, both in seconds since 1970");
        }

        var shortest = period switch { "hours" => 3600L, "days" => 86_400, "weeks" => 604_800, _ => 2_592_000 };
        return (until - from) / shortest > MostPoints
            ? throw ApiException.Invalid("too many periods between start and end")
            : Periods.Between(period, Zone(call.Query["tz"]), from, until);
    }

    private static TimeZoneInfo Zone(string? name)
    {
        if (name is null or "EST")
        {
            return Periods.Est;
        }

        return name.StartsWith('/') || !TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? throw ApiException.Invalid($"unknown tz: {name}")
            : zone;
    }
}
