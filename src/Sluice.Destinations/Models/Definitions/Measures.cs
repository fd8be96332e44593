namespace Sluice.Destinations.Models.Definitions;

/// <summary>What is counted of the deliveries of a group, and the rates that are made of it.</summary>
internal static class Measures
{
    private const string Delivered = "d.delivered_at";
    private const string Sent = "d.sent_at";

    /// <summary>All of them, of deliveries by the alias <c>d</c>.</summary>
    public static IReadOnlyList<ModelColumn> All { get; } =
    [
        new("deliveries", ModelType.Integer, "Deliveries, sent or not.", scope => $"count({scope["d.delivery_id"]})") { IsMeasure = true },
        new("people", ModelType.Integer, "People who were to get one.", scope => $"count(DISTINCT {scope["d.cio_id"]})") { IsMeasure = true },
        Count("sent", Sent, "Deliveries that were sent."),
        Count("delivered", Delivered, "Deliveries that the recipient's side took; webhooks and Slack have none."),
        Count("opened", "d.opened_at", "Deliveries that were opened, by a person or a machine."),
        Counted("human_opened", "d.human_opened", "Deliveries that a person opened; reliable since 2025-03-20."),
        Count("clicked", "d.clicked_at", "Deliveries with a click, by a person or a machine."),
        Counted("human_clicked", "d.human_clicked", "Deliveries that a person clicked; reliable since 2025-04-20."),
        Count("converted", "d.converted_at", "Deliveries after which the person met the goal."),
        Count("unsubscribed", "d.unsubscribed_at", "Deliveries by which the person unsubscribed from everything."),
        Count("topic_unsubscribed", "d.topic_unsubscribed_at", "Deliveries by which the person unsubscribed from a topic."),
        Count("bounced", "d.bounced_at", "Deliveries that bounced."),
        Count("spammed", "d.spammed_at", "Deliveries marked as spam."),
        Count("dropped", "d.dropped_at", "Deliveries that were not sent because the address is suppressed."),
        Count("failed", "d.failed_at", "Deliveries that failed before they were sent."),
        Count("undeliverable", "d.undeliverable_at", "Deliveries that could not be addressed."),
        Rate("delivery_rate", Delivered, Sent, "delivered / sent; NULL where nothing was sent."),
        Rate("bounce_rate", "d.bounced_at", Sent, "bounced / sent; NULL where nothing was sent."),
        Rate("open_rate", "d.opened_at", Delivered, "opened / delivered; NULL where nothing was delivered."),
        Rated("human_open_rate", "d.human_opened", Delivered, "human_opened / delivered; NULL where nothing was delivered."),
        Rate("click_rate", "d.clicked_at", Delivered, "clicked / delivered; NULL where nothing was delivered."),
        Rated("human_click_rate", "d.human_clicked", Delivered, "human_clicked / delivered; NULL where nothing was delivered."),
        Rate("click_to_open_rate", "d.clicked_at", "d.opened_at", "clicked / opened; NULL where nothing was opened."),
        Rate("conversion_rate", "d.converted_at", Delivered, "converted / delivered; NULL where nothing was delivered."),
        Rate("unsubscribe_rate", "d.unsubscribed_at", Delivered, "unsubscribed / delivered; NULL where nothing was delivered."),
        Rate("spam_rate", "d.spammed_at", Delivered, "spammed / delivered; NULL where nothing was delivered."),
    ];

    /// <summary>The first and last instant of sending.</summary>
    public static IReadOnlyList<ModelColumn> Span { get; } =
    [
        Edge("first_sent_at", "min", Sent, "When the first delivery was sent."), Edge("last_sent_at", "max", Sent, "When the last one was."),
    ];

    public static ModelColumn Edge(string name, string function, string path, string doc) =>
        new(name, ModelType.Time, doc, scope => $"{function}({scope[path]})") { IsMeasure = true };

    public static ModelColumn Count(string name, string path, string doc) => If(name, doc, scope => NotNull(scope, path));

    public static ModelColumn If(string name, string doc, Func<ModelScope, string> condition) =>
        new(name, ModelType.Integer, doc, scope => ModelSql.CountOf(condition(scope))) { IsMeasure = true };

    public static ModelColumn Rate(string name, string part, string whole, string doc) =>
        new(name, ModelType.Number, doc, scope =>
            scope.Sql.Ratio(ModelSql.CountOf(NotNull(scope, part)), ModelSql.CountOf(NotNull(scope, whole))))
        { IsMeasure = true };

    private static ModelColumn Counted(string name, string path, string doc) => If(name, doc, scope => scope[path]);

    private static ModelColumn Rated(string name, string part, string whole, string doc) =>
        new(name, ModelType.Number, doc, scope => scope.Sql.Ratio(ModelSql.CountOf(scope[part]), ModelSql.CountOf(NotNull(scope, whole))))
        { IsMeasure = true };

    private static string NotNull(ModelScope scope, string path) => $"{scope[path]} IS NOT NULL";
}
