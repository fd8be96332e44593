using System.Text.Json;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Metric series of campaigns, broadcasts, newsletters and transactional messages.</summary>
internal static class MetricRoutes
{
    public static readonly string[] Types =
        ["email", "webhook", "twilio", "whatsapp", "slack", "push", "in_app", "live_notification", "inbox", "urban_airship"];

    private static readonly (string Name, Metric Metric)[] JourneyNames =
    [
        ("started", Metric.Created), ("activated", Metric.Sent), ("exited_early", Metric.Undeliverable),
        ("finished", Metric.Delivered), ("converted", Metric.Converted), ("never_activated", Metric.Failed),
    ];

    public static void Map(Router router)
    {
        router.Get("/v1/campaigns/{id}/metrics", x => Journey(x, JourneyRoutes.Campaign(x), MetricPeriods.Versioned(x)));
        router.Get("/v1/campaigns/{id}/actions/{action_id}/metrics", x => Action(x, JourneyRoutes.Campaign(x), MetricPeriods.Versioned(x)));
        router.Get("/v1/broadcasts/{id}/metrics", x => Journey(x, JourneyRoutes.Broadcast(x), MetricPeriods.First(x)));
        router.Get("/v1/broadcasts/{id}/actions/{action_id}/metrics", x => Action(x, JourneyRoutes.Broadcast(x), MetricPeriods.First(x)));
        router.Get("/v1/newsletters/{id}/metrics", Newsletter);
        router.Get("/v1/newsletters/{id}/contents/{content_id}/metrics", Variant);
        router.Get("/v1/transactional/{id}/metrics", Transactional);
        router.Get("/v1/campaigns/{id}/journey_metrics", JourneyMetrics);
    }

    private static void Journey(ApiCall call, Journey journey, long[] periods)
        => Write(call, Of(journey), periods, null, webhooks: true);

    private static void Action(ApiCall call, Journey journey, long[] periods)
    {
        JourneyRoutes.Action(call, journey);
        Write(call, Of(journey) with { PartId = call.Number("action_id") }, periods, null, webhooks: true);
    }

    private static void Newsletter(ApiCall call)
    {
        var newsletter = NewsletterRoutes.Find(call);
        Write(call, Of(newsletter), MetricPeriods.First(call), newsletter.Type, webhooks: true);
    }

    private static void Variant(ApiCall call)
    {
        NewsletterRoutes.Content(call);
        var newsletter = NewsletterRoutes.Find(call);
        var part = Of(newsletter) with { PartId = call.Number("content_id") };
        Write(call, part, MetricPeriods.First(call), newsletter.Type, webhooks: true);
    }

    private static void Transactional(ApiCall call)
    {
        var parent = new DeliverySelection(0, 0) { Kind = ParentKind.Transactional, ParentId = TransactionalRoutes.Find(call).Id };
        Write(call, parent, MetricPeriods.First(call), null, webhooks: false);
    }

    /// <summary>Journey metrics of a campaign: each delivery is a journey, and all its events count in the period in which it started.</summary>
    private static void JourneyMetrics(ApiCall call)
    {
        var campaign = JourneyRoutes.Campaign(call);
        var periods = MetricPeriods.Second(call, "resolution");
        var world = call.World;
        var counts = JourneyNames.ToDictionary(name => name.Name, _ => new int[periods.Length - 1], StringComparer.Ordinal);
        foreach (var delivery in world.Deliveries.Newest(Of(campaign) with { From = periods[0], Until = Math.Min(periods[^1] - 1, call.Now) }))
        {
            var times = world.Deliveries.MetricsOf(delivery);
            var found = Array.BinarySearch(periods, delivery.Created);
            var period = found >= 0 ? found : ~found - 1;
            foreach (var (name, metric) in JourneyNames)
            {
                counts[name][period] += DeliveryMetrics.Happened(times, metric, call.Now) ? 1 : 0;
            }
        }

        call.Object(writer =>
        {
            writer.WriteStartObject("journey_metric");
            foreach (var (name, _) in JourneyNames)
            {
                WriteArray(writer, name, counts[name]);
            }

            writer.WriteEndObject();
        });
    }

    public static DeliverySelection Of(Journey journey) => new(0, 0) { Kind = journey.Kind, ParentId = journey.Id };

    public static DeliverySelection Of(Newsletter newsletter) => new(0, 0) { Kind = ParentKind.Newsletter, ParentId = newsletter.Id };

    private static void Write(ApiCall call, DeliverySelection parent, long[] periods, string? shownType, bool webhooks)
    {
        var type = call.OneOf("type", Types);
        var series = MetricSeries.Of(call.World, parent, type, periods, call.Now);
        call.Object(writer =>
        {
            writer.WriteStartObject("metric");
            if (shownType is not null)
            {
                writer.WriteString("type", shownType);
            }

            writer.WriteStartObject("series");
            foreach (var metric in MetricNames.InSeries)
            {
                WriteArray(writer, MetricNames.Of(metric), series.Counts[(int)metric]);
            }

            for (var response = 0; webhooks && response < 4; response++)
            {
                WriteArray(writer, $"{response + 2}xx", series.Responses[response]);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }

    public static void WriteArray(Utf8JsonWriter writer, string name, IEnumerable<int> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteNumberValue(value);
        }

        writer.WriteEndArray();
    }
}
