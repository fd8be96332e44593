using System.Globalization;
using System.Text.Json;
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

    /// <summary>
    /// Campaigns: version 2 takes a range, anything else is version 1. The reference before called the version required, and had a month less.
    /// </summary>
    public static MetricPeriod Versioned(ApiCall call)
    {
        var version = call.Query["version"];
        if (call.World.Options.HasEarlierForm)
        {
            return version switch
            {
                "1" => new MetricPeriod(First(call, mostMonths: 120)),
                "2" => Range(call),
                null => throw ApiException.Invalid("version is required"),
                _ => throw ApiException.Invalid($"unknown version: {version}"),
            };
        }

        return version == "2" ? Range(call) : new MetricPeriod(First(call));
    }

    /// <summary>Journeys: a resolution, a start and an end, and days as they are in version 1.</summary>
    public static long[] OfJourneys(ApiCall call)
    {
        var (period, from, until) = Bounds(call, "resolution");
        var shortest = period switch { "hours" => 3600L, "days" => 86_400, "weeks" => 604_800, _ => 2_592_000 };
        return (until - from) / shortest > MostPoints
            ? throw ApiException.Invalid("too many periods between start and end")
            : Periods.Between(period, Periods.Est, from, until);
    }

    private static MetricPeriod Range(ApiCall call)
    {
        var (period, from, until) = Bounds(call, "res");
        var zone = Zone(call.Query["tz"]);
        if (call.World.Options.MetricsDays is { } days)
        {
            from = Math.Max(from, until - (days * 86_400L));
        }

        return DateTimeOffset.FromUnixTimeSeconds(until) > DateTimeOffset.FromUnixTimeSeconds(from).AddYears(10)
            ? throw ApiException.Invalid("end must be within 10 years of start")
            : new MetricPeriod(Periods.Between(period, zone, from, until)) { Resolution = call.Query["res"], Zone = zone };
    }

    private static (string Period, long From, long Until) Bounds(ApiCall call, string resolutionName)
    {
        var name = call.Query[resolutionName] ?? throw ApiException.Invalid($"{resolutionName} is required");
        var period = Resolutions.GetValueOrDefault(name) ?? throw ApiException.Invalid($"unknown {resolutionName}: {name}");
        var from = call.Whole("start") ?? throw ApiException.Invalid("start is required");
        var until = call.Whole("end") ?? throw ApiException.Invalid("end is required");
        return from < 0 || from > until || until > 253_000_000_000
            ? throw ApiException.Invalid("start must be before end, both in seconds since 1970")
            : (period, from, until);
    }

    private static TimeZoneInfo Zone(string? name)
    {
        if (name is null)
        {
            return TimeZoneInfo.Utc;
        }

        return name.StartsWith('/') || !TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? throw ApiException.Invalid($"unknown tz: {name}")
            : zone;
    }
}

/// <summary>The periods of a series, and for a range what the response says of it.</summary>
/// <param name="Boundaries">The start of every period, and the end of the last.</param>
internal sealed record MetricPeriod(long[] Boundaries)
{
    /// <summary>The resolution as it was asked for; null where periods up to now are.</summary>
    public string? Resolution { get; init; }

    public TimeZoneInfo Zone { get; init; } = Periods.Est;

    /// <summary>Writes the range that is reported. The vendor calls its text ISO 8601; it is Go's.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        if (Resolution is not null)
        {
            writer.WriteString("start", Text(Boundaries[0]));
            writer.WriteString("end", Text(Boundaries[^1]));
            writer.WriteString("res", Resolution);
        }
    }

    // Where a zone has no letters, Go writes its offset twice.
    private string Text(long second)
    {
        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(second), Zone);
        var offset = local.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal);
        var name = Zone.Equals(TimeZoneInfo.Utc) ? "UTC" : offset;
        return string.Create(CultureInfo.InvariantCulture, $"{local:yyyy-MM-dd HH:mm:ss} {offset} {name}");
    }
}
