namespace Sluice.Destinations.Models.Definitions;

/// <summary>Models with a row for a person, or several.</summary>
internal static class PeopleModels
{
    // Before the models, which are made of it.
    private static readonly string[] Recent = ["sent", "delivered", "opened", "clicked"];

    private static readonly IReadOnlyList<int> Windows = [7, 30, 90];

    public static Model People { get; } = new(
        "people",
        "One row per person whom the workspace has. Attributes that ingest made columns of, with flatten, are columns here, too.")
    {
        Needs = [["customers", "customer_attributes"]],
        From = scope => scope.Has("customers")
            ? scope.TakeOnce("p", "customers") + scope.JoinIf("customer_attributes", "p.cio_id", "a.customer_id") + scope.OnlyThere("p")
            : Alone(scope) + scope.OnlyThere("p"),
        PassesOn = "a",
        Columns =
        [
            Column.Workspace("p"),
            Column.Text("cio_id", "p.cio_id", Column.CioIdDoc) with { IsKey = true },
            Column.Text("customer_id", "p.id", Column.CustomerIdDoc),
            Column.Text("email", "p.email", "The email address."),
            new("email_domain", ModelType.Text, "What the address has behind its @, in small letters.", scope =>
                scope.Sql.DomainOf(scope["p.email"])),
            Column.Flag("unsubscribed", "a.unsubscribed", "Whether the person has unsubscribed from everything."),
        ],
    };

    public static Model Attributes { get; } = new("person_attributes", "One row per person and attribute, so that no question needs JSON.")
    {
        Needs = [["customer_attributes"]],
        From = scope =>
        {
            var people = scope.TakeOnce("a", "customer_attributes");
            return $"{people}{MembersOf(scope).Join}{scope.OnlyThere("a")}";
        },
        Columns =
        [
            Column.Workspace("a"),
            Column.Text("cio_id", "a.cio_id", Column.CioIdDoc) with { IsKey = true },
            Column.Text("customer_id", "a.id", Column.CustomerIdDoc),
            new("name", ModelType.Text, "The attribute.", scope => MembersOf(scope).Name),
            new("value", ModelType.Text, "Its value as text; an object or an array is JSON.", scope => MembersOf(scope).Value),
        ],
    };

    public static Model Engagement { get; } = new(
        "person_engagement", "One row per person, also one who never got a message, with what was sent to them and what they did, lately and ever.")
    {
        Needs = [["deliveries"], ["people"]],
        IsGrouped = true,
        From = scope => $"{scope.Take("p", "people")}\nLEFT JOIN {scope.Take("d", "deliveries")} ON {scope["d.cio_id"]} = {scope["p.cio_id"]}"
            + scope.SameWorkspace("p", "d"),
        Columns =
        [
            Column.Workspace("p"),
            Column.Text("cio_id", "p.cio_id", Column.CioIdDoc) with { IsKey = true },
            Column.Text("customer_id", "p.customer_id", Column.CustomerIdDoc),
            Column.Text("email", "p.email", "The email address."),
            new("deliveries", ModelType.Integer, "Deliveries ever, sent or not.", scope => $"count({scope["d.delivery_id"]})") { IsMeasure = true },
            .. Ever(),
            .. Windows.SelectMany(Lately),
            Measures.Edge("first_sent_at", "min", "d.sent_at", "When the first message was sent."),
            Measures.Edge("last_sent_at", "max", "d.sent_at", "When the last message was sent."),
            Measures.Edge("last_opened_at", "max", "d.opened_at", "When a message was last opened for the first time."),
            Measures.Edge("last_clicked_at", "max", "d.clicked_at", "When a message was last clicked for the first time."),
            Measures.Rate("open_rate", "d.opened_at", "d.delivered_at", "opened / delivered, ever; NULL for one to whom nothing was delivered."),
            Measures.Rate("click_rate", "d.clicked_at", "d.delivered_at", "clicked / delivered, ever; NULL for one to whom nothing was delivered."),
        ],
    };

    public static Model Topics { get; } = new("topic_subscriptions", "One row per person and topic.")
    {
        Needs = [["customer_subscription_preferences"]],
        Uses = ["customers"],
        From = scope => scope.TakeOnce("s", "customer_subscription_preferences") + scope.JoinIf("customers", "s.cio_id", "p.cio_id")
            + scope.OnlyThere("s"),
        Columns =
        [
            Column.Workspace("s"),
            Column.Text("cio_id", "s.cio_id", Column.CioIdDoc) with { IsKey = true },
            Column.Text("customer_id", "p.id", Column.CustomerIdDoc),
            Column.Text("email", "p.email", "The email address."),
            Column.Number("topic_id", "s.topic_id", "The topic.") with { IsKey = true },
            Column.Text("topic", "s.name", "Its name."),
            Column.Flag("subscribed", "s.subscribed", "Whether the person wants messages of the topic: by choice, or by the topic's default."),
            Column.Flag("unsubscribed", "s.unsubscribed", "Whether the person has unsubscribed from everything, which goes before the topic."),
            new("reachable", ModelType.Boolean, "Whether messages of the topic reach the person: subscribed and not unsubscribed.", scope =>
                scope.Sql.Cast($"({scope["s.subscribed"]} AND NOT coalesce({scope["s.unsubscribed"]}, {scope.Sql.False}))", ModelType.Boolean)),
        ],
    };

    private static MemberJoin MembersOf(ModelScope scope) =>
        scope.Sql.Members(scope["a.attributes"]) is { } members ? members : new MemberJoin("", scope.Lacking("this database has no word for it"), "");

    private static string Alone(ModelScope scope)
    {
        scope.Alias("a", "p");
        return scope.TakeOnce("p", "customer_attributes");
    }

    private static IEnumerable<ModelColumn> Ever() =>
    [
        Measures.Count("sent", "d.sent_at", "Messages sent, ever."),
        Measures.Count("delivered", "d.delivered_at", "Messages delivered, ever."),
        Measures.Count("opened", "d.opened_at", "Messages opened, ever."),
        Measures.If("human_opened", "Messages that the person opened and no machine alone, ever.", scope => scope["d.human_opened"]),
        Measures.Count("clicked", "d.clicked_at", "Messages clicked, ever."),
        Measures.Count("converted", "d.converted_at", "Messages after which the person met the goal, ever."),
    ];

    private static IEnumerable<ModelColumn> Lately(int days) =>
        Recent.Select(metric => Measures.If(
            $"{metric}_{days}_days",
            $"Messages {metric} in the {days} days before now.",
            scope => $"{scope[$"d.{metric}_at"]} >= {scope.Sql.DaysAgo(days)}"));
}
