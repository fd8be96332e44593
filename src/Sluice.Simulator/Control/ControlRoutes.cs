using System.Globalization;
using System.Text.Json;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.Control;

/// <summary>Lets tests inspect and control the simulation; no key, no budget, no faults.</summary>
internal static class ControlRoutes
{
    public static void Map(Router router, Simulation simulation)
    {
        router.Get("/_sim/stats", call => call.Object(simulation.Statistics.Write), Access.Control);
        router.Get("/_sim/clock", call => WriteClock(call, simulation), Access.Control);
        TruthRoutes.Map(router);
        ChangeRoutes.Map(router);
        WebhookRoutes.Map(router, simulation);
        Post(router, "/_sim/faults", call => Done(call, () => ReplaceFaults(call, simulation)));
        Post(router, "/_sim/stats/reset", call => Done(call, simulation.Reset));
        Post(router, "/_sim/shutdown", call => Done(call, () => simulation.Stopping.CancelAfter(TimeSpan.FromMilliseconds(50))));
        Post(router, "/_sim/clock", call =>
        {
            simulation.Clock.Advance(Span(call.Json()));
            WriteClock(call, simulation);
        });
    }

    private static void Post(Router router, string pattern, Action<ApiCall> handle) => router.Write("POST", pattern, handle, Access.Control);

    private static void Done(ApiCall call, Action act)
    {
        act();
        call.Object(writer => writer.WriteBoolean("done", true));
    }

    private static void ReplaceFaults(ApiCall call, Simulation simulation)
    {
        if (!call.Json().TryGetProperty("faults", out var specs) || specs.ValueKind != JsonValueKind.Array)
        {
            throw ApiException.Invalid("faults must be a list of fault specifications");
        }

        try
        {
            simulation.Faults.Replace([.. specs.EnumerateArray().Select(spec => spec.ToString())]);
        }
        catch (ArgumentException bad)
        {
            throw ApiException.Invalid(bad.Message);
        }
    }

    private static void WriteClock(ApiCall call, Simulation simulation) => call.Object(writer =>
    {
        writer.WriteString("now", simulation.Clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
        writer.WriteNumber("seconds", simulation.Clock.Seconds);
    });

    private static TimeSpan Span(JsonElement body)
    {
        if (body.TryGetProperty("advance", out var advance))
        {
            if (advance.ValueKind == JsonValueKind.Number && advance.TryGetDouble(out var seconds) && seconds >= 0)
            {
                return TimeSpan.FromSeconds(seconds);
            }

            if (advance.ValueKind == JsonValueKind.String && DurationText.Parse(advance.GetString()!) is { } span)
            {
                return span;
            }
        }

        throw ApiException.Invalid("advance must be seconds or a span such as 90s, 15m, 6h, 1d");
    }
}

/// <summary>Parses durations such as <c>200ms</c>, <c>90s</c>, <c>15m</c>, <c>6h</c>, <c>1d</c>.</summary>
internal static class DurationText
{
    public static TimeSpan? Parse(string text)
    {
        var digits = text.AsSpan().TrimEnd("smhd");
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        return text[digits.Length..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "s" or "" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            "d" => TimeSpan.FromDays(number),
            _ => null,
        };
    }
}
