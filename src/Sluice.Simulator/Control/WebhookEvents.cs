using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Simulator.AppApi;
using Sluice.Simulator.Data;

namespace Sluice.Simulator.Control;

/// <summary>An event of a reporting webhook.</summary>
/// <param name="Id">Its id.</param>
/// <param name="At">When it happened.</param>
/// <param name="Body">The body.</param>
internal sealed record WebhookEvent(string Id, long At, byte[] Body);

/// <summary>Makes events of what happened to deliveries.</summary>
internal static class WebhookEvents
{
    /// <summary>What has happened since a time to deliveries, of the events that are wanted.</summary>
    public static IEnumerable<WebhookEvent> Of(World world, long since, IReadOnlySet<string> wanted)
    {
        foreach (var delivery in world.Deliveries.Newest(new DeliverySelection(since, world.Clock.Seconds)))
        {
            var times = world.Deliveries.MetricsOf(delivery);
            for (var metric = Metric.Attempted; metric <= Metric.Unsubscribed; metric++)
            {
                var name = MetricNames.Of(metric);
                var channel = delivery.Part.Type == "twilio" ? "sms" : delivery.Part.Type;
                if (metric != Metric.Created && DeliveryMetrics.Happened(times, metric, world.Clock.Seconds) && wanted.Contains($"{channel}_{name}"))
                {
                    yield return Event(world, delivery, channel, name, times[metric]);
                }
            }
        }
    }

    /// <summary>The headers of a request with a body.</summary>
    public static IEnumerable<(string Name, string Value)> Sign(string key, long now, byte[] body)
    {
        var at = now.ToString(CultureInfo.InvariantCulture);
        var signed = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), (byte[])[.. Encoding.UTF8.GetBytes($"v0:{at}:"), .. body]);
        return [("X-CIO-Timestamp", at), ("X-CIO-Signature", Convert.ToHexStringLower(signed))];
    }

    private static WebhookEvent Event(World world, in Delivery delivery, string channel, string metric, long at)
    {
        using var written = new MemoryStream();
        using (var writer = new Utf8JsonWriter(written))
        {
            MessageJson.Write(writer, world, delivery, MessageShape.Transactional);
        }

        var message = JsonNode.Parse(written.ToArray())!.AsObject();
        var id = string.Create(
            CultureInfo.InvariantCulture,
            $"01{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{message["id"]}{metric}")))[..24]}");
        var data = new JsonObject { ["delivery_id"] = message["id"]?.DeepClone() };
        foreach (var name in new[] { "customer_id", "identifiers", "recipient", "subject", "campaign_id", "broadcast_id", "newsletter_id",
            "content_id",
            "action_id", "parent_action_id", "trigger_event_id", "failure_message" })
        {
            if (message[name] is { } value && (name != "recipient" || channel != "push"))
            {
                data[name] = value.DeepClone();
            }
        }

        var body = new JsonObject { ["event_id"] = id, ["object_type"] = channel, ["metric"] = metric, ["timestamp"] = at, ["data"] = data };
        return new WebhookEvent(id, at, Encoding.UTF8.GetBytes(body.ToJsonString()));
    }
}
