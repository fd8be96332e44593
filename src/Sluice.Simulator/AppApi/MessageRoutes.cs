using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Deliveries: of the workspace, of one parent, and single ones.</summary>
internal static class MessageRoutes
{
    // Urban Airship is among the channels of a workspace and was a filter in earlier references; nothing here is sent by it.
    private static readonly string[] Types = ["email", "webhook", "twilio", "whatsapp", "slack", "push", "in_app", "live_notification", "urban_airship"];
    private static readonly string[] States = ["failed", "sent", "drafted", "attempted"];

    public static void Map(Router router)
    {
        router.Get("/v1/messages", All);
        router.Get("/v1/messages/{id}", One);
        router.Get("/v1/messages/{id}/archived_message", Archived, Access.AppArchive);
        router.Get("/v1/campaigns/{id}/messages", OfCampaign);
        router.Get("/v1/broadcasts/{id}/messages", OfBroadcast);
        router.Get("/v1/newsletters/{id}/messages", OfNewsletter);
        router.Get("/v1/transactional/{id}/messages", OfTransactional);
    }

    /// <summary>A page of a selection, newest first, after all the filters that lists of deliveries share.</summary>
    public static void Write(Exchange exchange, DeliverySelection selection, MessageShape shape, EndOfList end)
    {
        var limit = exchange.Limit(50, 1000);
        var type = exchange.OneOf("type", Types);
        var metric = exchange.Query["metric"] is { } name
            ? MetricNames.Filter(name) ?? throw ApiException.Invalid($"unknown metric: {name}")
            : (Metric?)null;
        var drafts = exchange.Flag("drafts") || exchange.Query["state"] == "drafted";
        var responses = exchange.Flag("get_tracked_responses");
        var cursor = exchange.Cursor();
        var (deliveries, now) = (exchange.World.Deliveries, exchange.Now);
        var rows = deliveries.Newest(cursor is null ? selection : selection with { Until = Math.Min(selection.Until, cursor.Value.First) })
            .Where(delivery => cursor is null || (delivery.Created, delivery.Index).CompareTo(cursor.Value) < 0)
            .Where(delivery => delivery.Draft == drafts && (type is null || delivery.Part.Type == type))
            .Where(delivery => metric is null || DeliveryMetrics.Happened(deliveries.MetricsOf(delivery), metric.Value, now));
        exchange.Page(
            "messages", rows, limit, (writer, delivery) => MessageJson.Write(writer, exchange.World, delivery, shape, responses),
            delivery => (delivery.Created, delivery.Index), end);
    }

    private static void All(Exchange exchange)
    {
        var selection = MessageWindow.Newest(exchange, 6);
        var (campaign, newsletter) = (exchange.Whole("campaign_id"), exchange.Whole("newsletter_id"));
        if (campaign is not null && newsletter is not null)
        {
            throw ApiException.Invalid("campaign_id and newsletter_id exclude each other");
        }

        var kind = campaign is not null ? ParentKind.Campaign : newsletter is not null ? ParentKind.Newsletter : (ParentKind?)null;
        selection = selection with { Kind = kind, ParentId = (int?)(campaign ?? newsletter), PartId = (int?)exchange.Whole("action_id") };
        Write(exchange, selection, MessageShape.Ordinary, EndOfList.Empty);
    }

    private static void OfCampaign(Exchange exchange)
    {
        var campaign = JourneyRoutes.Campaign(exchange);
        var selection = MessageWindow.Newest(exchange, 12) with { Kind = ParentKind.Campaign, ParentId = campaign.Id };
        Write(exchange, selection, MessageShape.Ordinary, EndOfList.Absent);
    }

    private static void OfBroadcast(Exchange exchange)
    {
        var broadcast = JourneyRoutes.Broadcast(exchange);
        var selection = MessageWindow.FromFirst(exchange, broadcast.Created + 3600, 1) with { Kind = ParentKind.Broadcast, ParentId = broadcast.Id };
        Write(exchange, selection, MessageShape.Ordinary, EndOfList.Null);
    }

    private static void OfNewsletter(Exchange exchange)
    {
        var newsletter = NewsletterRoutes.Find(exchange);
        var all = new DeliverySelection(0, exchange.Now) { Kind = ParentKind.Newsletter, ParentId = newsletter.Id };
        var first = exchange.World.Deliveries.Newest(all).Select(delivery => (long?)delivery.Created).LastOrDefault();
        var selection = MessageWindow.FromFirst(exchange, first, 6) with { Kind = all.Kind, ParentId = all.ParentId };
        Write(exchange, selection, MessageShape.Ordinary, EndOfList.Empty);
    }

    private static void OfTransactional(Exchange exchange)
    {
        var message = TransactionalRoutes.Find(exchange);
        exchange.OneOf("state", States);
        var selection = MessageWindow.Newest(exchange, 12) with { Kind = ParentKind.Transactional, ParentId = message.Id };
        Write(exchange, selection, MessageShape.Transactional, EndOfList.Absent);
    }

    private static Delivery Find(Exchange exchange)
    {
        var deliveries = exchange.World.Deliveries;
        var index = DeliveryIds.Decode(exchange.World.Dice, exchange.Text("id")) ?? throw ApiException.NotFound();
        var known = index >= 0 && (deliveries.IsExtra(index) || index < deliveries.CountAt(exchange.Now));
        return known ? deliveries.At(index) : throw ApiException.NotFound();
    }

    private static void One(Exchange exchange)
    {
        var delivery = Find(exchange);
        var responses = exchange.Flag("get_tracked_responses");
        exchange.Object(writer =>
        {
            writer.WritePropertyName("message");
            MessageJson.Write(writer, exchange.World, delivery, MessageShape.Ordinary, responses);
        });
    }

    private static void Archived(Exchange exchange)
    {
        var delivery = Find(exchange);
        exchange.Object(writer =>
        {
            writer.WriteStartObject("archived_message");
            writer.WriteString("id", exchange.Text("id"));
            writer.WriteString("body", $"<p>Body of {delivery.Part.Id}</p>");
            writer.WriteString("from", "Sluice <hello@example.com>");
            writer.WriteString("recipient", exchange.World.People.KeyOf(delivery.Person).Email ?? "");
            writer.WriteString("subject", $"Did you get that thing, {delivery.Part.Id}?");
            writer.WriteString("headers", "[]");
            writer.WriteBoolean("forgotten", false);
            writer.WriteEndObject();
        });
    }
}
