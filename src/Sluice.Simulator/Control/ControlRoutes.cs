using System.Globalization;
using System.Text.Json;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.Control;

/// <summary>What tests use to look at and to steer the simulation; no key, no budget, no faults.</summary>
internal static class ControlRoutes
{
    public static void Map(Router router, Simulation simulation)
    {
        router.Get("/_sim/stats", exchange => exchange.Object(simulation.Statistics.Write), Access.Control);
        router.Get("/_sim/clock", exchange => WriteClock(exchange, simulation), Access.Control);
        TruthRoutes.Map(router);
        ChangeRoutes.Map(router);
        Post(router, "/_sim/faults", exchange => Done(exchange, () => ReplaceFaults(exchange, simulation)));
        Post(router, "/_sim/stats/reset", exchange => Done(exchange, simulation.Reset));
        Post(router, "/_sim/shutdown", exchange => Done(exchange, () => simulation.Stopping.CancelAfter(TimeSpan.FromMilliseconds(50))));
        Post(router, "/_sim/clock", exchange =>
        {
            simulation.Clock.Advance(Span(exchange.Json()));
            WriteClock(exchange, simulation);
        });
    }

    private static void Post(Router router, string pattern, Action<Exchange> handle) => router.Write("POST", pattern, handle, Access.Control);

    private static void Done(Exchange exchange, Action act)
    {
        act();
        exchange.Object(writer => writer.WriteBoolean("done", true));
    }

    private static void ReplaceFaults(Exchange exchange, Simulation simulation)
    {
        if (!exchange.Json().TryGetProperty("faults", out var specs) || specs.ValueKind != JsonValueKind.Array)
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

    private static void WriteClock(Exchange exchange, Simulation simulation) => exchange.Object(writer =>
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

            if (advance.ValueKind == JsonValueKind.String && SpanText.Parse(advance.GetString()!) is { } span)
            {
                return span;
            }
        }

        throw ApiException.Invalid("advance must be seconds or a span such as 90s, 15m, 6h, 1d");
    }
}
