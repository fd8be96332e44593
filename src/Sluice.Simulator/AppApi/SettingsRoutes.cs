using System.Text;
using System.Text.Json.Nodes;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Senders, collections, snippets, subscription topics and channels, webhooks, workspaces and addresses.</summary>
internal static class SettingsRoutes
{
    private static readonly string[] Orders = ["asc", "desc"];

    public static void Map(Router router)
    {
        router.Get("/v1/sender_identities", Senders);
        router.Get("/v1/sender_identities/{id}", exchange => exchange.One("sender_identity", exchange.World.Settings.Senders.Find(exchange.Number("id"))));
        router.Get("/v1/sender_identities/{id}/used_by", SenderUsedBy);
        router.Get("/v1/collections", exchange => exchange.Whole("collections", exchange.World.Settings.Collections.Rows));
        router.Get("/v1/collections/{id}", exchange => exchange.One("collection", exchange.World.Settings.Collections.Find(exchange.Number("id"))));
        router.Get("/v1/collections/{id}/content", CollectionContent);
        router.Get("/v1/snippets", Snippets);
        router.Get("/v1/subscription_topics", exchange => exchange.Whole("topics", exchange.World.Settings.Topics.Rows));
        router.Get("/v1/subscription_channels", exchange => exchange.Whole("channels", exchange.World.Settings.Channels.Rows));
        router.Get("/v1/reporting_webhooks", exchange => exchange.Whole("reporting_webhooks", exchange.World.Settings.ReportingWebhooks.Rows));
        router.Get("/v1/reporting_webhooks/{id}", Webhook);
        router.Get("/v1/workspaces", exchange => exchange.Whole("workspaces", exchange.Worlds.Select(WorkspaceJson.Of)));
        router.Get("/v1/info/ip_addresses", IpAddresses, Access.Open);
        router.Get("/v1/optouts", Optouts);
    }

    private static void Senders(Exchange exchange)
    {
        var limit = exchange.Limit(10, 100);
        var falling = exchange.OneOf("sort", Orders) == "desc";
        var hidden = exchange.Flag("hidden");
        var after = exchange.Cursor()?.First;
        var all = exchange.World.Settings.Senders.After(0).Where(sender => sender.Value["hidden"]!.GetValue<bool>() == hidden);
        var rows = falling
            ? all.Where(sender => after is null || sender.Key < after).OrderByDescending(sender => sender.Key)
            : all.Where(sender => after is null || sender.Key > after);
        exchange.Page(
            "sender_identities", rows, limit, (writer, sender) => sender.Value.WriteTo(writer), sender => (sender.Key, 0), EndOfList.LeadsToEmptyPage);
    }

    private static void SenderUsedBy(Exchange exchange)
    {
        var id = exchange.Number("id");
        var world = exchange.World;
        _ = world.Settings.Senders.Find(id) ?? throw ApiException.NotFound();
        exchange.Object(writer => UsedByJson.WriteMembers(
            writer,
            world.Campaigns.Values.Where(campaign => campaign.Actions.Rows.Any(action => IsFrom(action, id))),
            world.Newsletters.Values.Where(newsletter => newsletter.Contents.Rows.Any(content => IsFrom(content, id)))));
    }

    private static bool IsFrom(JsonObject row, int sender) => row["from_id"]?.GetValue<int>() == sender;

    private static void CollectionContent(Exchange exchange)
    {
        var content = exchange.World.Settings.CollectionContents.GetValueOrDefault(exchange.Number("id")) ?? throw ApiException.NotFound();
        if (content is JsonArray rows && exchange.World.Settings.AnsweredAsLines.Contains(exchange.Number("id")))
        {
            exchange.Answer.ContentType = "application/x-ndjson";
            exchange.Answer.Replace(Encoding.UTF8.GetBytes(string.Concat(rows.Select(row => row!.ToJsonString() + "\n"))));
            return;
        }

        exchange.Answer.Write(writer => content.WriteTo(writer));
    }

    private static void Snippets(Exchange exchange) => exchange.Object(writer =>
    {
        writer.WriteStartArray("snippets");
        foreach (var (name, snippet) in exchange.World.Settings.Snippets)
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteString("value", snippet.Value);
            writer.WriteNumber("updated_at", snippet.Updated);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private static void Webhook(Exchange exchange)
    {
        var webhook = exchange.World.Settings.ReportingWebhooks.Find(exchange.Number("id")) ?? throw ApiException.NotFound();
        exchange.Answer.Write(writer => webhook.WriteTo(writer));
    }

    private static void IpAddresses(Exchange exchange) => exchange.Object(writer =>
    {
        writer.WriteStartArray("ip_addresses");
        writer.WriteStringValue("35.188.196.183");
        writer.WriteStringValue("104.198.177.219");
        writer.WriteStringValue("2600:1900:4000::1");
        writer.WriteEndArray();
    });

    private static void Optouts(Exchange exchange)
    {
        if (exchange.Query.IsUnencoded("from"))
        {
            exchange.Empty("optouts");
            return;
        }

        var world = exchange.World;
        var from = exchange.Query["from"];
        var rows = world.People.From(exchange.Cursor() is { } cursor ? cursor.First + 1 : 0)
            .Select(person => (Person: person, Entries: world.Optouts.Of(person).Where(entry => from is null || entry.From == from).ToList()))
            .Where(row => row.Entries.Count > 0);
        exchange.Page(
            "optouts", rows, exchange.Limit(100, 1000), (writer, row) => OptoutJson.Write(writer, world, row.Person, row.Entries),
            row => (row.Person, 0), EndOfList.Absent);
    }
}
