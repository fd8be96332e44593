namespace Sluice.Destinations.Models.Definitions;

/// <summary>Models that count deliveries by what sent them.</summary>
internal static class PerformanceModels
{
    public static Model Daily { get; } = new(
        "message_performance_daily",
        "One row per day, sender and channel: what became of the deliveries sent on that day, whenever it happened, over all history that was read.")
    {
        Needs = [["deliveries"]],
        IsGrouped = true,
        From = scope => scope.Take("d", "deliveries"),
        Columns =
        [
            Column.Workspace("d"),
            new("day", ModelType.Day, Column.DayDoc + ", on which the deliveries were sent, or created if they were not sent.", scope =>
                scope["d.day"]) { IsKey = true },
            Column.Text("sender_kind", "d.sender_kind", "What sent them: campaign, broadcast, newsletter or transactional.") with { IsKey = true },
            Column.Number("sender_id", "d.sender_id", "The campaign, broadcast, newsletter or transactional message."),
            Column.Text("sender_name", "d.sender_name", "Its name."),
            Column.Text("channel", "d.channel", "The channel."),
            .. Measures.All,
        ],
    };

    public static Model Campaigns { get; } = new(
        "campaigns_summary", "One row per campaign, also one that has sent nothing, over all history that was read.")
    {
        Needs = [["campaigns"], ["deliveries"]],
        IsGrouped = true,
        From = scope => Of(scope, scope.TakeOnce("c", "campaigns"), "c", ("campaign_id", "id")),
        Columns =
        [
            Column.Workspace("c"),
            Column.Number("campaign_id", "c.id", "The campaign.") with { IsKey = true },
            Column.Text("campaign_name", "c.name", "Its name."),
            Column.Text("state", "c.state", "running, draft or stopped."),
            Column.Text("trigger_type", "c.type", "The kind of trigger; NULL where Customer.io no longer says it."),
            Column.Time("created_at", "c.created", "When it was created."),
            Column.Time("first_started_at", "c.first_started", "When it was first started."),
            Column.Deleted("c", "campaign"),
            .. Measures.All,
            .. Measures.Span,
        ],
    };

    public static Model Newsletters { get; } = new(
        "newsletters_summary", "One row per newsletter, also one that has not been sent, over all history that was read.")
    {
        Needs = [["newsletters"], ["deliveries"]],
        Uses = ["subscription_topics"],
        IsGrouped = true,
        From = scope => Of(
            scope,
            scope.TakeOnce("n", "newsletters") + scope.JoinIf("subscription_topics", "n.subscription_topic_id", "t.id"),
            "n",
            ("newsletter_id", "id")),
        Columns =
        [
            Column.Workspace("n"),
            Column.Number("newsletter_id", "n.id", "The newsletter.") with { IsKey = true },
            Column.Text("newsletter_name", "n.name", "Its name."),
            Column.Text("channel", "n.type", "The channel."),
            Column.Number("topic_id", "n.subscription_topic_id", "The topic that people must be subscribed to; NULL for none."),
            Column.Text("topic", "t.name", "The topic's name."),
            Column.Time("newsletter_sent_at", "n.sent_at", "When it was sent; NULL if it was not."),
            Column.Deleted("n", "newsletter"),
            .. Measures.All,
            .. Measures.Span,
        ],
    };

    public static Model Variants { get; } = new("newsletter_variants", "One row per variant of a newsletter, of a test or in a language.")
    {
        Needs = [["newsletter_contents"], ["deliveries"]],
        Uses = ["newsletters"],
        IsGrouped = true,
        From = scope => Of(
            scope,
            scope.TakeOnce("v", "newsletter_contents") + scope.JoinIf("newsletters", "v.newsletter_id", "n.id"),
            "v",
            ("newsletter_id", "newsletter_id"),
            ("content_id", "id")),
        Columns =
        [
            Column.Workspace("v"),
            Column.Number("newsletter_id", "v.newsletter_id", "The newsletter.") with { IsKey = true },
            Column.Text("newsletter_name", "n.name", "Its name."),
            Column.Number("content_id", "v.id", "The variant.") with { IsKey = true },
            Column.Text("variant_name", "v.name", "The variant's name."),
            Column.Text("language", "v.language", "Its language; empty for the default one."),
            Column.Text("subject", "v.subject", "Its subject."),
            Column.Deleted("v", "variant"),
            .. Measures.All,
        ],
    };

    /// <summary>What was taken with the deliveries that belong to it.</summary>
    public static string Of(ModelScope scope, string taken, string alias, params IEnumerable<(string Delivery, string Own)> keys)
    {
        var deliveries = scope.Take("d", "deliveries");
        var same = keys.Select(key => $"{scope[$"d.{key.Delivery}"]} = {scope[$"{alias}.{key.Own}"]}");
        return $"{taken}\nLEFT JOIN {deliveries} ON {string.Join(" AND ", same)}{scope.SameWorkspace(alias, "d")}";
    }
}
