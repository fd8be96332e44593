namespace Sluice.Tests.Sql;

/// <summary>A table that random queries use.</summary>
internal sealed record QueryTable(string Name, IReadOnlyList<string> Key, string Text, IReadOnlyList<string> Columns)
{
    public IReadOnlyList<string> Times { get; init; } = [];

    public IReadOnlyList<string> Numbers { get; init; } = [];

    /// <summary>Values that stand in the table, by column, as literals.</summary>
    public Dictionary<string, IReadOnlyList<string>> Values { get; } = new(StringComparer.Ordinal);
}

/// <summary>Two tables with the columns by which they belong together.</summary>
internal sealed record QueryJoin(QueryTable Child, string ChildColumn, QueryTable Parent, string ParentColumn);

/// <summary>The tables of random queries, of every way of reading that is cheap enough for many of them.</summary>
internal static class QueryWorld
{
    private static readonly QueryTable Campaigns = new("campaigns", ["id"], "name", ["id", "name", "state", "created"])
    { Times = ["created"], Numbers = ["id"] };

    private static readonly QueryTable Actions = new(
        "campaign_actions", ["campaign_id", "id"], "type", ["campaign_id", "id", "type", "name", "created"])
    { Times = ["created"], Numbers = ["campaign_id", "id"] };

    private static readonly QueryTable Messages = new(
        "messages", ["id"], "type", ["id", "campaign_id", "newsletter_id", "action_id", "type", "cio_id", "created", "created"])
    { Times = ["created"], Numbers = ["campaign_id", "newsletter_id", "action_id"] };

    private static readonly QueryTable CampaignMessages = new(
        "campaign_messages", ["id"], "type", ["id", "campaign_id", "type", "created"])
    { Times = ["created"], Numbers = ["campaign_id"] };

    private static readonly QueryTable Segments = new("segments", ["id"], "name", ["id", "name", "type"]) { Numbers = ["id"] };

    private static readonly QueryTable Members = new("segment_memberships", ["segment_id", "cio_id"], "email", ["segment_id", "cio_id", "email"])
    { Numbers = ["segment_id"] };

    private static readonly QueryTable Customers = new("customers", ["cio_id"], "email", ["cio_id", "id", "email"]);

    private static readonly QueryTable Plans = new(
        "customers", ["cio_id"], "plan", ["cio_id", "id", "email", "plan", "plan", "city", "score", "phone"]);

    private static readonly QueryTable Json = new(
        "customers", ["cio_id"], "attributes->>'plan'", ["cio_id", "id", "email", "attributes->>'plan'", "attributes->>'phone'"]);

    private static readonly QueryTable Drafts = new(
        "message_drafts", ["id"], "type", ["id", "campaign_id", "newsletter_id", "type", "cio_id", "created"])
    { Times = ["created"], Numbers = ["campaign_id", "newsletter_id"] };

    private static readonly QueryTable CustomerSegments = new(
        "customer_segments", ["customer_id", "segment_id"], "name", ["customer_id", "cio_id", "segment_id"])
    { Numbers = ["segment_id"] };

    private static readonly QueryTable Newsletters = new("newsletters", ["id"], "name", ["id", "name", "type", "created"])
    { Times = ["created"], Numbers = ["id"] };

    private static readonly QueryTable Contents = new("newsletter_contents", ["newsletter_id", "id"], "subject", ["newsletter_id", "id", "type"])
    { Numbers = ["newsletter_id", "id"] };

    private static readonly QueryTable ActionMetrics = new(
        "campaign_action_metrics_weeks", ["campaign_id", "action_id", "step_index"], "sent", ["campaign_id", "action_id", "step_index", "sent"])
    { Numbers = ["campaign_id", "action_id", "step_index", "sent"] };

    private static readonly QueryTable Activities = new("activities", ["id"], "type", ["id", "type", "cio_id", "name", "timestamp"])
    { Times = ["timestamp"] };

    private static readonly QueryTable Relationships = new(
        "object_relationships", ["object_type_id", "object_id", "cio_id"], "email", ["object_type_id", "object_id", "cio_id"])
    { Numbers = ["object_type_id"] };

    public static IReadOnlyList<QueryTable> Tables { get; } =
    [
        Campaigns, Actions, Messages, CampaignMessages, Segments, Members, Customers, Plans, Json, CustomerSegments, Newsletters, Contents,
        ActionMetrics, Activities, Relationships, Drafts,
    ];

    /// <summary>People, with and without attributes.</summary>
    public static IReadOnlyList<QueryTable> People { get; } = [Customers, Plans, Json];

    public static IReadOnlyList<QueryJoin> Joins { get; } =
    [
        new(Actions, "campaign_id", Campaigns, "id"),
        new(Messages, "campaign_id", Campaigns, "id"),
        new(CampaignMessages, "campaign_id", Campaigns, "id"),
        new(Messages, "action_id", Actions, "id"),
        new(Messages, "newsletter_id", Newsletters, "id"),
        new(Members, "segment_id", Segments, "id"),
        new(Members, "cio_id", Customers, "cio_id"),
        new(CustomerSegments, "segment_id", Segments, "id"),
        new(CustomerSegments, "customer_id", Customers, "cio_id"),
        new(Contents, "newsletter_id", Newsletters, "id"),
        new(ActionMetrics, "campaign_id", Campaigns, "id"),
        new(ActionMetrics, "action_id", Actions, "id"),
        new(Activities, "cio_id", Plans, "cio_id"),
        new(Activities, "cio_id", Customers, "cio_id"),
        new(Messages, "cio_id", Plans, "cio_id"),
        new(Messages, "cio_id", Members, "cio_id"),
        new(Members, "cio_id", Plans, "cio_id"),
        new(Members, "cio_id", Json, "cio_id"),
        new(Drafts, "campaign_id", Campaigns, "id"),
        new(Drafts, "cio_id", Customers, "cio_id"),
        new(Relationships, "cio_id", Customers, "cio_id"),
    ];

    /// <summary>Those in which the child is asked once for each parent.</summary>
    public static IReadOnlyList<QueryJoin> Keyed { get; } =
        [.. Joins.Where(join => join.Child != Messages && join.Child != Activities && join.Child != Drafts && join.Parent != Customers)];

    /// <summary>The names to ingest.</summary>
    public static string[] Sources { get; } =
        [.. Tables.Select(table => table.Name.Replace("_weeks", ":weeks", StringComparison.Ordinal)).Append("customer_attributes").Distinct()];

    /// <summary>Takes values from the tables.</summary>
    public static void Fill(Func<string, IReadOnlyList<string>> ask)
    {
        foreach (var table in Tables)
        {
            foreach (var column in table.Columns.Distinct())
            {
                var rows = ask($"SELECT DISTINCT CAST({column} AS VARCHAR) AS v FROM {table.Name} WHERE {column} IS NOT NULL ORDER BY v LIMIT 40");
                table.Values[column] = [.. rows.Select(row => Literal(table, column, row[..^1]))];
            }
        }
    }

    private static string Literal(QueryTable table, string column, string text) =>
        table.Numbers.Contains(column) ? text
        : table.Times.Contains(column) ? $"TIMESTAMPTZ '{text}'"
        : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
