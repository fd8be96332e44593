using System.Text.Json;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Metric series of everything that sends.</summary>
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

    private static void Journey(Exchange exchange, Journey journey, long[] periods)
        => Write(exchange, Of(journey), periods, null, webhooks: true);

    private static void Action(Exchange exchange, Journey journey, long[] periods)
    {
        JourneyRoutes.Action(exchange, journey);
        Write(exchange, Of(journey) with { PartId = exchange.Number("action_id") }, periods, null, webhooks: true);
    }

    private static void Newsletter(Exchange exchange)
    {
        var newsletter = NewsletterRoutes.Find(exchange);
        Write(exchange, Of(newsletter), MetricPeriods.First(exchange), newsletter.Type, webhooks: true);
    }

    private static void Variant(Exchange exchange)
    {
        NewsletterRoutes.Content(exchange);
        var newsletter = NewsletterRoutes.Find(exchange);
        var part = Of(newsletter) with { PartId = exchange.Number("content_id") };
        Write(exchange, part, MetricPeriods.First(exchange), newsletter.Type, webhooks: true);
    }

    private static void Transactional(Exchange exchange)
    {
        var parent = new DeliverySelection(0, 0) { Kind = ParentKind.Transactional, ParentId = TransactionalRoutes.Find(exchange).Id };
        Write(exchange, parent, MetricPeriods.First(exchange), null, webhooks: false);
    }

    /// <summary>People's ways through a campaign: each of its deliveries counts as a journey, and all that became of it in the period in which it started.</summary>
    private static void JourneyMetrics(Exchange exchange)
    {
        var campaign = JourneyRoutes.Campaign(exchange);
        var periods = MetricPeriods.Second(exchange, "resolution");
        var world = exchange.World;
        var counts = JourneyNames.ToDictionary(name => name.Name, _ => new int[periods.Length - 1], StringComparer.Ordinal);
        foreach (var delivery in world.Deliveries.Newest(Of(campaign) with { From = periods[0], Until = Math.Min(periods[^1] - 1, exchange.Now) }))
        {
            var times = world.Deliveries.MetricsOf(delivery);
            var found = Array.BinarySearch(periods, delivery.Created);
            var period = found >= 0 ? found : ~found - 1;
            foreach (var (name, metric) in JourneyNames)
            {
                counts[name][period] += DeliveryMetrics.Happened(times, metric, exchange.Now) ? 1 : 0;
            }
        }

        exchange.Object(writer =>
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

    private static void Write(Exchange exchange, DeliverySelection parent, long[] periods, string? shownType, bool webhooks)
    {
        var type = exchange.OneOf("type", Types);
        var series = MetricSeries.Of(exchange.World, parent, type, periods, exchange.Now);
        exchange.Object(writer =>
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
