using System.Text.Json;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Metric series of campaigns, broadcasts, newsletters and transactional messages.</summary>
internal static class MetricRoutes
{
    /// <summary>The channels that campaigns and broadcasts can be asked about.</summary>
    public static readonly string[] Types = ["email", "webhook", "twilio", "whatsapp", "slack", "push", "in_app", "live_notification"];

    /// <summary>The channels that newsletters can be asked about.</summary>
    public static readonly string[] NewsletterTypes = ["email", "webhook", "twilio", "push", "in_app", "inbox"];

    private static readonly (string Name, Metric Metric)[] JourneyNames =
    [
        ("started", Metric.Created), ("activated", Metric.Sent), ("exited_early", Metric.Undeliverable),
        ("finished", Metric.Delivered), ("converted", Metric.Converted), ("never_activated", Metric.Failed), ("messaged", Metric.Opened),
    ];

    public static void Map(Router router)
    {
        router.Get("/v1/campaigns/{id}/metrics", x => Journey(x, JourneyRoutes.Campaign(x), MetricPeriods.Versioned(x)));
        router.Get("/v1/campaigns/{id}/actions/{action_id}/metrics", x => Action(x, JourneyRoutes.Campaign(x), MetricPeriods.Versioned(x)));
        router.Get("/v1/broadcasts/{id}/metrics", x => Journey(x, JourneyRoutes.Broadcast(x), new MetricPeriod(MetricPeriods.First(x))));
        router.Get(
            "/v1/broadcasts/{id}/actions/{action_id}/metrics", x => Action(x, JourneyRoutes.Broadcast(x), new MetricPeriod(MetricPeriods.First(x))));
        router.Get("/v1/newsletters/{id}/metrics", Newsletter);
        router.Get("/v1/newsletters/{id}/contents/{content_id}/metrics", Variant);
        router.Get("/v1/transactional/{id}/metrics", Transactional);
        router.Get("/v1/campaigns/{id}/journey_metrics", JourneyMetrics);
    }

    private static void Journey(ApiCall call, Journey journey, MetricPeriod period)
        => new SeriesAnswer(call, Of(journey), period) { Types = Types }.Write();

    private static void Action(ApiCall call, Journey journey, MetricPeriod period)
    {
        JourneyRoutes.Action(call, journey);
        new SeriesAnswer(call, Of(journey) with { PartId = call.Number("action_id") }, period) { Types = Types, Journey = journey }.Write();
    }

    private static void Newsletter(ApiCall call)
    {
        var newsletter = NewsletterRoutes.Find(call);
        var period = new MetricPeriod(MetricPeriods.First(call));
        new SeriesAnswer(call, Of(newsletter), period) { Types = NewsletterTypes, ShownType = newsletter.Type }.Write();
    }

    private static void Variant(ApiCall call)
    {
        NewsletterRoutes.Content(call);
        var newsletter = NewsletterRoutes.Find(call);
        var part = Of(newsletter) with { PartId = call.Number("content_id") };
        var period = new MetricPeriod(MetricPeriods.First(call));
        new SeriesAnswer(call, part, period) { Types = NewsletterTypes, ShownType = newsletter.Type }.Write();
    }

    private static void Transactional(ApiCall call)
    {
        var parent = new DeliverySelection(0, 0) { Kind = ParentKind.Transactional, ParentId = TransactionalRoutes.Find(call).Id };
        new SeriesAnswer(call, parent, new MetricPeriod(MetricPeriods.First(call))) { Types = Types }.Write();
    }

    /// <summary>Journey metrics of a campaign: each delivery is a journey, and all its events count in the period in which it started.</summary>
    private static void JourneyMetrics(ApiCall call)
    {
        var campaign = JourneyRoutes.Campaign(call);
        var periods = MetricPeriods.OfJourneys(call);
        var world = call.World;
        var names = world.Options.HasEarlierForm ? JourneyNames[..^1] : JourneyNames;
        var counts = names.ToDictionary(name => name.Name, _ => new int[periods.Length - 1], StringComparer.Ordinal);
        foreach (var delivery in world.Deliveries.Newest(Of(campaign) with { From = periods[0], Until = Math.Min(periods[^1] - 1, call.Now) }))
        {
            var times = world.Deliveries.MetricsOf(delivery);
            var found = Array.BinarySearch(periods, delivery.Created);
            var period = found >= 0 ? found : ~found - 1;
            foreach (var (name, metric) in names)
            {
                counts[name][period] += DeliveryMetrics.Happened(times, metric, call.Now) ? 1 : 0;
            }
        }

        call.Object(writer =>
        {
            writer.WriteStartObject("journey_metric");
            foreach (var (name, _) in names)
            {
                WriteArray(writer, name, counts[name]);
            }

            writer.WriteEndObject();
        });
    }

    public static DeliverySelection Of(Journey journey) => new(0, 0) { Kind = journey.Kind, ParentId = journey.Id };

    public static DeliverySelection Of(Newsletter newsletter) => new(0, 0) { Kind = ParentKind.Newsletter, ParentId = newsletter.Id };

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
