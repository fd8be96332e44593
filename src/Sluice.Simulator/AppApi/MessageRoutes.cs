using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Deliveries of the workspace, deliveries of one parent, and single deliveries.</summary>
internal static class MessageRoutes
{
    // Urban Airship is one of a workspace's channels and was a filter in earlier API references; nothing here is sent with it.
    private static readonly string[] Types =
    [
        "email",
        "webhook",
        "twilio",
        "whatsapp",
        "slack",
        "push",
        "in_app",
        "live_notification",
        "urban_airship",
    ];
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

    /// <summary>A page of deliveries, newest first, after the filters that all lists of deliveries share.</summary>
    public static void Write(ApiCall call, DeliverySelection selection, MessageShape shape, EndOfList end)
    {
        var limit = call.Limit(50, 1000);
        var type = call.OneOf("type", Types);
        var metric = call.Query["metric"] is { } name
            ? MetricNames.Filter(name) ?? throw ApiException.Invalid($"unknown metric: {name}")
            : (Metric?)null;
        // The lists of broadcasts and transactional messages have a state, the others a flag.
        var drafts = call.Route.Segments[1] is "broadcasts" or "transactional" ? call.OneOf("state", States) == "drafted" : call.Flag("drafts");
        var responses = call.Flag("get_tracked_responses");
        var cursor = call.Cursor();
        var (deliveries, now) = (call.World.Deliveries, call.Now);
        var rows = deliveries.Newest(cursor is null ? selection : selection with { Until = Math.Min(selection.Until, cursor.Value.First) })
            .Where(delivery => cursor is null || (delivery.Created, delivery.Index).CompareTo(cursor.Value) < 0)
            .Where(delivery => delivery.Draft == drafts && (type is null || delivery.Part.Type == type))
            .Where(delivery => metric is null || DeliveryMetrics.Happened(deliveries.MetricsOf(delivery), metric.Value, now));
        call.Page(
            "messages", rows, limit, (writer, delivery) => MessageJson.Write(writer, call.World, delivery, shape, responses),
            delivery => (delivery.Created, delivery.Index), end);
    }

    private static void All(ApiCall call)
    {
        var selection = MessageWindow.Newest(call, 6);
        var (campaign, newsletter) = (call.Whole("campaign_id"), call.Whole("newsletter_id"));
        if (campaign is not null && newsletter is not null)
        {
            throw ApiException.Invalid("campaign_id and newsletter_id exclude each other");
        }

        var kind = campaign is not null ? ParentKind.Campaign : newsletter is not null ? ParentKind.Newsletter : (ParentKind?)null;
        selection = selection with { Kind = kind, ParentId = (int?)(campaign ?? newsletter), PartId = (int?)call.Whole("action_id") };
        Write(call, selection, MessageShape.Ordinary, EndOfList.Empty);
    }

    private static void OfCampaign(ApiCall call)
    {
        var campaign = JourneyRoutes.Campaign(call);
        var selection = MessageWindow.Newest(call, 12) with { Kind = ParentKind.Campaign, ParentId = campaign.Id };
        Write(call, selection, MessageShape.Ordinary, EndOfList.Absent);
    }

    private static void OfBroadcast(ApiCall call)
    {
        var broadcast = JourneyRoutes.Broadcast(call);
        var selection = MessageWindow.FromFirst(call, broadcast.Created + 3600, 1) with { Kind = ParentKind.Broadcast, ParentId = broadcast.Id };
        Write(call, selection, MessageShape.Ordinary, EndOfList.Null);
    }

    private static void OfNewsletter(ApiCall call)
    {
        var newsletter = NewsletterRoutes.Find(call);
        var all = new DeliverySelection(0, call.Now) { Kind = ParentKind.Newsletter, ParentId = newsletter.Id };
        var first = call.World.Deliveries.Newest(all).Select(delivery => (long?)delivery.Created).LastOrDefault();
        var selection = MessageWindow.FromFirst(call, first, 6) with { Kind = all.Kind, ParentId = all.ParentId };
        Write(call, selection, MessageShape.Ordinary, EndOfList.Empty);
    }

    private static void OfTransactional(ApiCall call)
    {
        var message = TransactionalRoutes.Find(call);
        var selection = MessageWindow.Newest(call, 12) with { Kind = ParentKind.Transactional, ParentId = message.Id };
        Write(call, selection, MessageShape.Transactional, EndOfList.Absent);
    }

    private static Delivery Find(ApiCall call)
    {
        var deliveries = call.World.Deliveries;
        var index = DeliveryIds.Decode(call.World.Random, call.Text("id")) ?? throw ApiException.NotFound();
        var known = index >= 0 && (deliveries.IsExtra(index) ? deliveries.At(index).Created <= call.Now : index < deliveries.CountAt(call.Now));
        return known ? deliveries.At(index) : throw ApiException.NotFound();
    }

    private static void One(ApiCall call)
    {
        var delivery = Find(call);
        var responses = call.Flag("get_tracked_responses");
        call.Object(writer =>
        {
            writer.WritePropertyName("message");
            MessageJson.Write(writer, call.World, delivery, MessageShape.Ordinary, responses);
        });
    }

    private static void Archived(ApiCall call)
    {
        var delivery = Find(call);
        call.Object(writer =>
        {
            writer.WriteStartObject("archived_message");
            writer.WriteString("id", call.Text("id"));
            writer.WriteString("body", $"<p>Body of {delivery.Part.Id}</p>");
            writer.WriteString("from", "Sluice <hello@example.com>");
            writer.WriteString("recipient", call.World.People.KeyOf(delivery.Person).Email ?? "");
            writer.WriteString("subject", $"Did you get that thing, {delivery.Part.Id}?");
            writer.WriteString("headers", "[]");
            writer.WriteBoolean("forgotten", false);
            writer.WriteEndObject();
        });
    }
}

/// <summary>The window of creation times that a list of deliveries actually covers, whatever the request says.</summary>
internal static class MessageWindow
{
    /// <summary>The newest six months, and never more than the given months before the end.</summary>
    public static DeliverySelection Newest(ApiCall call, int mostMonths)
    {
        var (from, until) = Asked(call);
        var end = until ?? call.Now;
        return Cut(from ?? Months(end, -6), end, mostMonths);
    }

    /// <summary>The given months from the first delivery on, and never more than twelve before the end.</summary>
    public static DeliverySelection FromFirst(ApiCall call, long? first, int months)
    {
        var (from, until) = Asked(call);
        if (from is null && until is null && first is { } start)
        {
            return new DeliverySelection(start, Months(start, months));
        }

        return Newest(call, 12);
    }

    private static (long? From, long? Until) Asked(ApiCall call)
    {
        var (from, until) = (call.Whole("start_ts"), call.Whole("end_ts"));
        return from > until ? throw ApiException.Invalid("start_ts must not be after end_ts") : (from, until);
    }

    private static DeliverySelection Cut(long from, long until, int months) => new(Math.Max(from, Months(until, -months)), until);

    private static long Months(long second, int months)
        => second is < 0 or > 253_000_000_000
            ? throw ApiException.Invalid("a timestamp is in seconds since 1970")
            : DateTimeOffset.FromUnixTimeSeconds(second).AddMonths(months).ToUnixTimeSeconds();
}
