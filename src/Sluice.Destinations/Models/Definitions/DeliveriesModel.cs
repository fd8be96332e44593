namespace Sluice.Destinations.Models.Definitions;

/// <summary>Each delivery once, whichever tables have it, with its sender and its times.</summary>
internal static class DeliveriesModel
{
    /// <summary>What a delivery can go through, with what it means.</summary>
    internal static readonly IReadOnlyList<(string Metric, string Doc)> Metrics =
    [
        ("sent", "When it was sent; NULL if it was not."),
        ("delivered", "When the recipient's side took it."),
        ("opened", "When it was first opened, by a person or a machine."),
        ("human_opened", "When a person first opened it; reliable since 2025-03-20."),
        ("prefetch_opened", "When a machine opened it."),
        ("clicked", "When a link in it was first clicked, by a person or a machine."),
        ("human_clicked", "When a person first clicked; reliable since 2025-04-20."),
        ("converted", "When the person met the goal."),
        ("bounced", "When it bounced."),
        ("spammed", "When it was marked as spam."),
        ("unsubscribed", "When the person unsubscribed from everything by it."),
        ("topic_unsubscribed", "When the person unsubscribed from a topic by it."),
        ("dropped", "When it was dropped because the address is suppressed."),
        ("deferred", "When the recipient's server put it off."),
        ("attempted", "When an attempt failed that is made again."),
        ("failed", "When it failed before it was sent."),
        ("undeliverable", "When it could not be addressed."),
    ];

    private const string Day = Column.DayDoc + ", on which it was sent, or created if it was not sent.";

    public static Model Model { get; } = new(
        "deliveries", "One row per delivery, one message to one person, with its sender, its recipient and when what happened to it.")
    {
        Needs = [DeliverySources.Tables],
        Uses = ["campaigns", "broadcasts", "newsletters", "transactional_messages"],
        From = scope => DeliverySources.From(scope)
            + scope.JoinIf("campaigns", "d.campaign_id", "c.id")
            + scope.JoinIf("broadcasts", "d.broadcast_id", "b.id")
            + scope.JoinIf("newsletters", "d.newsletter_id", "n.id")
            + scope.JoinIf("transactional_messages", "d.transactional_of", "t.id")
            + $"\nWHERE d.{DeliverySources.Copy} = 1",
        Columns =
        [
            Column.Workspace("d"),
            Column.Text("delivery_id", "d.id", "The delivery.") with { IsKey = true },
            Column.Text("channel", "d.type", "The channel, as Customer.io calls it: email, push, in_app, twilio (SMS), whatsapp, slack, webhook."),
            new("sender_kind", ModelType.Text, "What sent it: campaign, broadcast or newsletter, and transactional if it names none of these.", Kind),
            new("sender_id", ModelType.Integer, "The campaign, broadcast, newsletter or transactional message.", scope =>
                scope.FirstOf("d.campaign_id", "d.broadcast_id", "d.newsletter_id", "d.transactional_of")),
            new("sender_name", ModelType.Text, "Its name.", scope => scope.FirstOf("c.name", "b.name", "n.name", "t.name")),
            Column.Number("campaign_id", "d.campaign_id", "The campaign, if one sent it."),
            Column.Number("broadcast_id", "d.broadcast_id", "The broadcast, if one sent it."),
            Column.Number("newsletter_id", "d.newsletter_id", "The newsletter, if one sent it."),
            Column.Number(
                "transactional_id", "d.transactional_of", "The transactional message, if one sent it; known from transactional_deliveries."),
            Column.Number("action_id", "d.action_id", "The action of the campaign or broadcast."),
            Column.Number("parent_action_id", "d.parent_action_id", "The action above that one, such as a split."),
            Column.Number("content_id", "d.content_id", "The variant of the newsletter."),
            Column.Text("cio_id", "d.cio_id", Column.CioIdDoc),
            Column.Text("customer_id", "d.customer_id", Column.CustomerIdDoc),
            Column.Text("recipient", "d.recipient", "The address, number, device or id that it went to."),
            new("recipient_domain", ModelType.Text, "Of an email: what the address has behind its @, in small letters.", scope =>
                $"CASE WHEN {scope["d.type"]} = 'email' THEN {scope.Sql.DomainOf(scope["d.recipient"])} END"),
            Column.Text("subject", "d.subject", "The subject of an email."),
            Column.Time("created_at", "d.created", "When it was created."),
            .. Metrics.Select(metric => Column.Time($"{metric.Metric}_at", $"d.{metric.Metric}_at", metric.Doc)),
            Column.Flag("human_opened", "d.is_human_opened", "Whether a person opened it."),
            Column.Flag("human_clicked", "d.is_human_clicked", "Whether a person clicked in it."),
            new("day", ModelType.Day, Day, scope =>
                scope.Sql.Day($"coalesce({scope["d.sent_at"]}, {scope["d.created"]})", Column.DayOffset)),
            new("seconds_to_open", ModelType.Integer, "Seconds from its delivery to its first opening.", scope =>
                scope.Sql.SecondsBetween(scope["d.delivered_at"], scope["d.opened_at"])),
            Column.Text("failure_message", "d.failure_message", "Why it failed, if it did."),
        ],
    };

    private static string Kind(ModelScope scope) =>
        $"CASE WHEN {scope["d.campaign_id"]} IS NOT NULL THEN 'campaign' WHEN {scope["d.broadcast_id"]} IS NOT NULL THEN 'broadcast' "
        + $"WHEN {scope["d.newsletter_id"]} IS NOT NULL THEN 'newsletter' ELSE 'transactional' END";
}
