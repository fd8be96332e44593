namespace Sluice.Destinations.Models.Definitions;

/// <summary>Models of Customer.io's own metrics, which count what happened in a step of time, whenever the messages were sent.</summary>
internal static class MetricsModels
{
    // A step begins at midnight of a zone: mostly of the one at UTC-5, at most of any from UTC-10 to UTC+13. So much later it is its date in UTC.
    private const int IntoTheDay = 27 * 1800;

    private static readonly IReadOnlyList<(string Kind, string Names, string Key)> Senders =
    [
        ("campaign", "campaigns", "campaign_id"), ("broadcast", "broadcasts", "broadcast_id"), ("newsletter", "newsletters", "newsletter_id"),
        ("transactional", "transactional_messages", "transactional_id"),
    ];

    private static readonly IReadOnlyList<(string Name, string Doc)> Counts =
    [
        ("created", "Deliveries created on the day."), ("attempted", "Attempts that failed and are made again."),
        ("sent", "Messages sent on the day."), ("delivered", "Messages delivered on the day."),
        ("opened", "Messages opened on the day, by a person or a machine."), ("human_opened", "Messages that a person opened on the day."),
        ("clicked", "Messages clicked on the day, by a person or a machine."), ("human_clicked", "Messages that a person clicked on the day."),
        ("converted", "Messages after which the person met the goal on the day."), ("unsubscribed", "People who unsubscribed on the day."),
        ("topic_unsubscribed", "People who unsubscribed from a topic on the day."), ("bounced", "Messages that bounced on the day."),
        ("spammed", "Messages marked as spam on the day."), ("failed", "Messages that failed on the day."),
        ("undeliverable", "Messages that could not be delivered on the day."),
    ];

    public static Model Daily { get; } = new(
        "metrics_daily",
        "One row per day and sender, from Customer.io's own metrics: what happened on the day, whenever the messages were sent.")
    {
        Needs = [[.. Senders.Select(sender => $"{sender.Kind}_metrics:days")]],
        Uses = [.. Senders.Select(sender => sender.Names)],
        From = scope => From(scope, "metrics", ["type", .. Counts.Select(count => count.Name)], ["type"]),
        Columns =
        [
            Column.Workspace("u"),
            Day("The day of Customer.io's metrics: at UTC-5 all year, or in the zone that ingest was given with timezone."),
            .. Sender(),
            Column.Text("channel", "u.type", "The channel that the counts are of, where one was asked for; NULL for all together."),
            .. Counts.Select(count => Column.Number(count.Name, $"u.{count.Name}", count.Doc)),
            Rate("delivery_rate", "delivered", "sent"), Rate("bounce_rate", "bounced", "sent"), Rate("open_rate", "opened", "delivered"),
            Rate("human_open_rate", "human_opened", "delivered"), Rate("click_rate", "clicked", "delivered"),
            Rate("human_click_rate", "human_clicked", "delivered"), Rate("conversion_rate", "converted", "delivered"),
            Rate("unsubscribe_rate", "unsubscribed", "delivered"), Rate("spam_rate", "spammed", "delivered"),
        ],
    };

    public static Model Links { get; } = new(
        "link_clicks", "One row per day, sender and link: Customer.io counts the last 45 days, longer where ingest keeps them with archive.")
    {
        Needs = [[.. Senders.Select(sender => $"{sender.Kind}_link_metrics:days")]],
        Uses = [.. Senders.Select(sender => sender.Names)],
        From = scope => From(scope, "link_metrics", ["link_id", "href", "clicked", "human_clicked", "machine_clicked"], ["href"]),
        Columns =
        [
            Column.Workspace("u"),
            Day("The day of Customer.io's metrics, at UTC-5 all year."),
            .. Sender(),
            Column.Number("link_id", "u.link_id", "The link within the message.") with { IsKey = true },
            Column.Text("href", "u.href", "Where it leads."),
            Column.Number("clicks", "u.clicked", "Clicks on the day, by people and machines."),
            Column.Number("human_clicks", "u.human_clicked", "Clicks by people."),
            Column.Number("machine_clicks", "u.machine_clicked", "Clicks by machines."),
        ],
    };

    private static ModelColumn Day(string doc) =>
        new("day", ModelType.Day, doc, scope => scope.Sql.Day(scope["u.period_start"], IntoTheDay)) { IsKey = true };

    private static IEnumerable<ModelColumn> Sender() =>
    [
        Column.Text("sender_kind", "u.sender_kind", "campaign, broadcast, newsletter or transactional.") with { IsKey = true },
        Column.Number("sender_id", "u.sender_id", "The campaign, broadcast, newsletter or transactional message.") with { IsKey = true },
        Column.Text("sender_name", "u.sender_name", "Its name."),
    ];

    private static ModelColumn Rate(string name, string part, string whole) => new(
        name, ModelType.Number, $"{part} / {whole} on the day, which can be more than 1; NULL where nothing was {whole}.", scope =>
            scope.Sql.Ratio(scope[$"u.{part}"], scope[$"u.{whole}"]));

    private static string From(ModelScope scope, string kind, IReadOnlyList<string> columns, IReadOnlyCollection<string> texts)
    {
        var senders = Senders.Where(sender => scope.Has($"{sender.Kind}_{kind}:days")).ToList();
        var read = senders.ConvertAll(sender => Read(scope, sender, kind, columns));
        string[] names = [ModelScope.Workspace, "period_start", "sender_kind", "sender_id", "sender_name", .. columns];
        var has = names.Where(name => read.Exists(one => one.Columns.ContainsKey(name))).ToList();
        var rows = read.Select(one => $"SELECT {string.Join(", ", has.Select(name => Value(scope, name, one.Columns, texts)))}\nFROM {one.From}");
        var tables = string.Join(" and ", senders.Select(sender => $"{sender.Kind}_{kind}:days"));
        return scope.TakeQuery("u", tables, string.Join("\nUNION ALL\n", rows), has);
    }

    private static (Dictionary<string, string> Columns, string From) Read(
        ModelScope scope, (string Kind, string Names, string Key) sender, string kind, IReadOnlyList<string> columns)
    {
        var from = scope.Take("m", $"{sender.Kind}_{kind}:days") + scope.JoinIf(sender.Names, $"m.{sender.Key}", "c.id");
        var read = new[] { ModelScope.Workspace, "period_start" }.Concat(columns)
            .Where(name => scope.Knows($"m.{name}"))
            .ToDictionary(name => name, name => scope[$"m.{name}"], StringComparer.Ordinal);
        read["sender_kind"] = scope.Sql.Text(sender.Kind);
        if (scope.Knows($"m.{sender.Key}"))
        {
            read["sender_id"] = scope[$"m.{sender.Key}"];
        }

        if (scope.Has(sender.Names) && scope.Knows("c.name"))
        {
            read["sender_name"] = scope["c.name"];
        }

        return (read, from);
    }

    private static string Value(ModelScope scope, string name, Dictionary<string, string> read, IReadOnlyCollection<string> texts)
    {
        var isText = name is ModelScope.Workspace or "sender_name" || texts.Contains(name);
        var type = isText ? ModelType.Text : name == "period_start" ? ModelType.Time : ModelType.Integer;
        return $"{(read.TryGetValue(name, out var sql) ? sql : scope.Sql.Null(type))} AS {scope.Sql.Quote(name)}";
    }
}
