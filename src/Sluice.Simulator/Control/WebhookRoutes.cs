using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.Control;

/// <summary>
/// Sends what happened to deliveries to the reporting webhooks of a workspace, as the vendor describes it: signed, in order, and nothing later
/// before an event is taken. A 503 is tried again soon, what is on the vendor's list after an hour, all by the simulated clock.
/// </summary>
internal static class WebhookRoutes
{
    public static void Map(Router router, Simulation simulation)
    {
        var senders = new Dictionary<World, WebhookSender>();
        router.Write("POST", "/_sim/webhooks", call => Send(call, simulation, senders), Access.Control);
    }

    private static void Send(ApiCall call, Simulation simulation, Dictionary<World, WebhookSender> senders)
    {
        var body = call.Json();
        var world = call.World;
        if (!senders.TryGetValue(world, out var sender))
        {
            senders[world] = sender = new WebhookSender(world, simulation.Options.WebhookSigningKey);
        }

        var since = Whole(body, "since") ?? (call.Now - (30 * 86_400));
        var result = sender.Send(since, Whole(body, "most") ?? 1_000,
            body.TryGetProperty("shuffled", out var shuffled) && shuffled.ValueKind == JsonValueKind.True);
        call.Response.Write(writer => result.WriteTo(writer));
    }

    private static long? Whole(JsonElement body, string name) =>
        !body.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= 0 ? number
        : throw ApiException.Invalid($"{name} must be a number");
}

/// <summary>Sends the events of one workspace, and remembers how far each of its webhooks is.</summary>
internal sealed class WebhookSender(World world, string key)
{
    // What the vendor tries again after an hour, as its documentation lists it.
    private static readonly HashSet<int> AfterAnHour = [400, 401, 402, 403, 404, 405, 410, 429, 500, 502, 521];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);
    private static readonly HttpClient Http = new() { Timeout = Patience };

    private readonly Dictionary<long, Progress> _progress = [];

    /// <summary>Sends what has happened since a time and was not taken before.</summary>
    public JsonObject Send(long since, long most, bool shuffled)
    {
        var (sent, taken, waiting) = (0L, 0L, new JsonArray());
        foreach (var webhook in world.Settings.ReportingWebhooks.Rows.Where(IsOn))
        {
            var id = (long)webhook["id"]!;
            var progress = _progress.GetValueOrDefault(id, new Progress(0, new HashSet<string>(StringComparer.Ordinal)));
            foreach (var one in progress.NotBefore > world.Clock.Seconds ? [] :
                Events(webhook, since, shuffled).Where(one => !progress.Taken.Contains(one.Id)).Take((int)most))
            {
                sent++;
                var code = Post((string)webhook["endpoint"]!, one);
                if (code is >= 200 and < 300)
                {
                    taken++;
                    progress.Taken.Add(one.Id);
                    continue;
                }

                var pause = code is null || AfterAnHour.Contains(code.Value) ? 3600 : 10;
                progress = progress with { NotBefore = world.Clock.Seconds + pause };
                waiting.Add(new JsonObject { ["webhook"] = id, ["answer"] = code, ["seconds"] = pause });
                break;
            }

            _progress[id] = progress;
        }

        return new JsonObject { ["sent"] = sent, ["taken"] = taken, ["waiting"] = waiting };
    }

    private static bool IsOn(JsonObject webhook) =>
        (string)webhook["type"]! == "webhook" && webhook["disabled"]?.GetValue<bool>() != true && (string)webhook["endpoint"]! is { } endpoint
        && Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && address.IsLoopback;

    private IEnumerable<WebhookEvent> Events(JsonObject webhook, long since, bool shuffled)
    {
        var events = WebhookEvents.Of(world, since, webhook["events"]!.AsArray().Select(name => (string)name!).ToHashSet(StringComparer.Ordinal));
        return shuffled ? events.OrderBy(one => one.Id, StringComparer.Ordinal)
            : events.OrderBy(one => one.At).ThenBy(one => one.Id, StringComparer.Ordinal);
    }

    // No answer at all is a connection that was refused or broke off.
    private int? Post(string endpoint, WebhookEvent one)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new ByteArrayContent(one.Body) };
        request.Content.Headers.ContentType = new("application/json");
        foreach (var (name, value) in WebhookEvents.Sign(key, world.Clock.Seconds, one.Body))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using var response = Http.Send(request);
            return (int)response.StatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    private sealed record Progress(long NotBefore, HashSet<string> Taken);
}
