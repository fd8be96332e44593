using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;

namespace Sluice.Engine.Webhooks;

/// <summary>The columns of the table with the events that reporting webhooks brought, and where each stands in the body.</summary>
public static class EventColumns
{
    /// <summary>The table's name.</summary>
    public const string Table = WebhookRules.EventsTable;

    /// <summary>The column by which events are known: the vendor's key, for events may come more than once.</summary>
    public const string Key = "event_id";

    internal const string Other = "other";
    internal const string Workspace = Column.InjectedPrefix + "workspace";
    internal const string ReceivedAt = Column.InjectedPrefix + "received_at";

    // Name, type, place in the body, and what it is. Places are also where masks of a column's name hold.
    private static readonly (string Name, ColumnType Type, string Place, string Doc)[] All =
    [
        (Key, ColumnType.Text, Key, "The event, by Customer.io's id; an event can come more than once and is here once."),
        ("object_type", ColumnType.Text, "object_type|object_type_type",
            "What the event is of: customer, email, push, sms, in_app, slack, webhook, whatsapp."),
        ("metric", ColumnType.Text, "metric", "What happened: sent, delivered, opened, clicked and so on."),
        ("timestamp", ColumnType.UnixTime, "timestamp", "When it happened."),
        ("delivery_id", ColumnType.Text, "data.delivery_id", "The delivery: join messages.id on it."),
        ("customer_id", ColumnType.Text, "data.customer_id", "The person's id as the workspace sets it; NULL when the person is deleted."),
        ("cio_id", ColumnType.Text, "data.identifiers.cio_id", "The person by the identifier that Customer.io sets."),
        ("customer_identifiers", ColumnType.Json, "data.identifiers", "All identifiers of the person that the event names."),
        ("recipient", ColumnType.Text, "data.recipient", "The address that the message went to; of a reply, the one who wrote."),
        ("subject", ColumnType.Text, "data.subject", "The subject of an email."),
        ("campaign_id", ColumnType.Bigint, "data.campaign_id", "The campaign that sent it."),
        ("action_id", ColumnType.Bigint, "data.action_id", "The action of the campaign or broadcast."),
        ("parent_action_id", ColumnType.Bigint, "data.parent_action_id", "The action above that one, such as a split."),
        ("broadcast_id", ColumnType.Bigint, "data.broadcast_id", "The broadcast that sent it."),
        ("newsletter_id", ColumnType.Bigint, "data.newsletter_id", "The newsletter that sent it."),
        ("content_id", ColumnType.Bigint, "data.content_id", "The variant of the newsletter."),
        ("journey_id", ColumnType.Text, "data.journey_id", "The person's journey through the campaign."),
        ("trigger_id", ColumnType.Bigint, "data.trigger_id", "The trigger of an API-triggered broadcast."),
        ("trigger_event_id", ColumnType.Text, "data.trigger_event_id", "The event that triggered the campaign."),
        ("transactional_message_id", ColumnType.Text, "data.transactional_message_id", "The transactional message."),
        ("failure_message", ColumnType.Text, "data.failure_message", "Why the delivery failed."),
        ("href", ColumnType.Text, "data.href", "The link that was clicked."),
        ("link_id", ColumnType.Bigint, "data.link_id", "The link that was clicked, by its id."),
        ("data", ColumnType.Json, "data", "All that the event says."),
        (Other, ColumnType.Json, Other, "What the event has beside data and the columns, such as a field that is new."),
    ];

    private static readonly Column[] Own =
    [
        new("workspace", ColumnType.Text, "The workspace, by its name in the pipeline.") { Source = Workspace },
        new("received_at", ColumnType.Timestamp, "When the event came.") { Source = ReceivedAt },
    ];

    // Who is masked as a recipient is so as the one who replied, and on the devices of a push.
    private static readonly Dictionary<string, string> MorePlaces = new(StringComparer.Ordinal)
    {
        ["recipient"] = "|data.recipients|data.to",
    };

    private static readonly HashSet<string> Members = [.. All.SelectMany(column => column.Place.Split('|')).Select(path => path.Split('.')[0])];

    /// <summary>The columns that an event has, each with the path in its body; alternatives are separated by '|'.</summary>
    internal static IEnumerable<(string Name, string Place)> Places => All.Select(column => (column.Name, column.Place));

    /// <summary>Whether a member of the body has a column.</summary>
    internal static bool IsKnown(string member) => Members.Contains(member);

    /// <summary>The table as it is made of lines with a field for each column.</summary>
    internal static Resource Flat { get; } = Resource(All.Select(column => new Column(column.Name, column.Type, column.Doc)).Concat(Own));

    /// <summary>The body as it comes, for what masks have to look for; <c>id</c> is what messages calls a delivery.</summary>
    internal static Resource Received { get; } = Resource(
        All.Where(column => column.Name != Key)
            .Select(column => new Column(column.Name, column.Type, column.Doc)
            {
                Source = column.Place + MorePlaces.GetValueOrDefault(column.Name, ""),
            })
            .Append(new Column("id", ColumnType.Text, "The delivery.") { Source = "data.delivery_id" }));

    private static Resource Resource(IEnumerable<Column> columns) => new()
    {
        Name = Table,
        Doc = "One row per event that a reporting webhook brought.",
        DocsUrl = "https://docs.customer.io/integrations/api/webhooks/",
        Path = "",
        RootKeys = [],
        PrimaryKey = [Key],
        Columns = [.. columns],
    };
}
