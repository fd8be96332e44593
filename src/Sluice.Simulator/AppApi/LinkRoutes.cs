using System.Text.Json;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Click metrics per link: every part has two links, and each click of a delivery belongs to one of them.</summary>
internal static class LinkRoutes
{
    public static void Map(Router router)
    {
        router.Get("/v1/campaigns/{id}/metrics/links", x => Write(x, MetricRoutes.Of(JourneyRoutes.Campaign(x)), unique: true));
        router.Get(
            "/v1/campaigns/{id}/actions/{action_id}/metrics/links",
            x => OfAction(x, JourneyRoutes.Campaign(x), unique: !x.World.Options.HasEarlierForm));
        router.Get("/v1/broadcasts/{id}/metrics/links", x => Write(x, MetricRoutes.Of(JourneyRoutes.Broadcast(x)), unique: true));
        router.Get("/v1/broadcasts/{id}/actions/{action_id}/metrics/links", x => OfAction(x, JourneyRoutes.Broadcast(x), unique: false));
        router.Get("/v1/newsletters/{id}/metrics/links", x => Write(x, MetricRoutes.Of(NewsletterRoutes.Find(x)), unique: true));
        router.Get("/v1/newsletters/{id}/contents/{content_id}/metrics/links", OfContent);
        router.Get("/v1/transactional/{id}/metrics/links", x => Write(x, OfMessage(x), unique: true));
    }

    private static DeliverySelection OfMessage(ApiCall call)
        => new(0, 0) { Kind = ParentKind.Transactional, ParentId = TransactionalRoutes.Find(call).Id };

    private static void OfAction(ApiCall call, Journey journey, bool unique)
    {
        JourneyRoutes.Action(call, journey);
        Write(call, MetricRoutes.Of(journey) with { PartId = call.Number("action_id") }, unique, MetricRoutes.Types);
    }

    private static void OfContent(ApiCall call)
    {
        NewsletterRoutes.Content(call);
        var part = MetricRoutes.Of(NewsletterRoutes.Find(call)) with { PartId = call.Number("content_id") };
        Write(call, part, unique: false, MetricRoutes.NewsletterTypes);
    }

    private static void Write(ApiCall call, DeliverySelection parent, bool unique, string[]? types = null)
    {
        if (unique)
        {
            call.Flag("unique");
        }

        var type = types is null ? null : call.World.Options.HasEarlierForm ? call.Query["type"] : call.OneOf("type", types);
        var periods = MetricPeriods.First(call);
        var links = LinkClicks.Count(call.World, parent, type, periods, call.Now);
        call.Object(writer =>
        {
            writer.WriteStartArray("links");
            foreach (var (link, clicks) in links)
            {
                WriteLink(writer, link, clicks);
            }

            writer.WriteEndArray();
        });
    }

    private static void WriteLink(Utf8JsonWriter writer, int link, MetricSeries clicks)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("link");
        writer.WriteNumber("id", link);
        writer.WriteString("href", $"https://example.com/l/{link}?a=1&b=2");
        writer.WriteEndObject();
        writer.WriteStartObject("metric");
        writer.WriteStartObject("series");
        MetricRoutes.WriteArray(writer, "clicked", clicks.Counts[(int)Metric.Clicked]);
        MetricRoutes.WriteArray(writer, "human_clicked", clicks.Counts[(int)Metric.HumanClicked]);
        MetricRoutes.WriteArray(writer, "machine_clicked", clicks.Counts[(int)Metric.PrefetchClicked]);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
