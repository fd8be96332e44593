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
        router.Get("/v1/sender_identities/{id}", call => call.One("sender_identity", call.World.Settings.Senders.Find(call.Number("id"))));
        router.Get("/v1/sender_identities/{id}/used_by", SenderUsedBy);
        router.Get("/v1/collections", call => call.Whole("collections", call.World.Settings.Collections.Rows));
        router.Get("/v1/collections/{id}", call => call.One("collection", call.World.Settings.Collections.Find(call.Number("id"))));
        router.Get("/v1/collections/{id}/content", CollectionContent);
        router.Get("/v1/snippets", Snippets);
        router.Get("/v1/subscription_topics", call => call.Whole("topics", call.World.Settings.Topics.Rows));
        router.Get("/v1/subscription_channels", call => call.Whole("channels", call.World.Settings.Channels.Rows));
        router.Get("/v1/reporting_webhooks", call => call.Whole("reporting_webhooks", call.World.Settings.ReportingWebhooks.Rows));
        router.Get("/v1/reporting_webhooks/{id}", Webhook);
        router.Get("/v1/workspaces", call => call.Whole("workspaces", call.Worlds.Select(WorkspaceJson.Of)));
        router.Get("/v1/info/ip_addresses", IpAddresses, Access.Open);
        router.Get("/v1/optouts", Optouts);
    }

    private static void Senders(ApiCall call)
    {
        var limit = call.Limit(10, 100);
        var falling = call.OneOf("sort", Orders) == "desc";
        var hidden = call.Flag("hidden");
        var after = call.Cursor()?.First;
        var all = call.World.Settings.Senders.After(0).Where(sender => sender.Value["hidden"]!.GetValue<bool>() == hidden);
        var rows = falling
            ? all.Where(sender => after is null || sender.Key < after).OrderByDescending(sender => sender.Key)
            : all.Where(sender => after is null || sender.Key > after);
        call.Page(
            "sender_identities",
            rows,
            limit,
            (writer, sender) => sender.Value.WriteTo(writer),
            sender => (sender.Key, 0),
            EndOfList.LeadsToEmptyPage);
    }

    private static void SenderUsedBy(ApiCall call)
    {
        var id = call.Number("id");
        var world = call.World;
        _ = world.Settings.Senders.Find(id) ?? throw ApiException.NotFound();
        call.Object(writer => UsedByJson.WriteMembers(
            writer,
            world.Campaigns.Values.Where(campaign => campaign.Actions.Rows.Any(action => IsFrom(action, id))),
            world.Newsletters.Values.Where(newsletter => newsletter.Contents.Rows.Any(content => IsFrom(content, id)))));
    }

    private static bool IsFrom(JsonObject row, int sender) => row["from_id"]?.GetValue<int>() == sender;

    private static void CollectionContent(ApiCall call)
    {
        var content = call.World.Settings.CollectionContents.GetValueOrDefault(call.Number("id")) ?? throw ApiException.NotFound();
        if (content is JsonArray rows && call.World.Settings.AnsweredAsLines.Contains(call.Number("id")))
        {
            call.Response.ContentType = "application/x-ndjson";
            call.Response.Replace(Encoding.UTF8.GetBytes(string.Concat(rows.Select(row => row!.ToJsonString() + "\n"))));
            return;
        }

        call.Response.Write(writer => content.WriteTo(writer));
    }

    private static void Snippets(ApiCall call) => call.Object(writer =>
    {
        writer.WriteStartArray("snippets");
        foreach (var (name, snippet) in call.World.Settings.Snippets)
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteString("value", snippet.Value);
            writer.WriteNumber("updated_at", snippet.Updated);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private static void Webhook(ApiCall call)
    {
        var webhook = call.World.Settings.ReportingWebhooks.Find(call.Number("id")) ?? throw ApiException.NotFound();
        call.Response.Write(writer => webhook.WriteTo(writer));
    }

    private static void IpAddresses(ApiCall call) => call.Object(writer =>
    {
        writer.WriteStartArray("ip_addresses");
        writer.WriteStringValue("35.188.196.183");
        writer.WriteStringValue("104.198.177.219");
        writer.WriteStringValue("2600:1900:4000::1");
        writer.WriteEndArray();
    });

    private static void Optouts(ApiCall call)
    {
        if (call.Query.IsUnencoded("from"))
        {
            call.Empty("optouts");
            return;
        }

        var world = call.World;
        var from = call.Query["from"];
        var rows = world.People.From(call.Cursor() is { } cursor ? cursor.First + 1 : 0)
            .Select(person => (Person: person, Entries: world.Optouts.Of(person).Where(entry => from is null || entry.From == from).ToList()))
            .Where(row => row.Entries.Count > 0);
        call.Page(
            "optouts", rows, call.Limit(100, 1000), (writer, row) => OptoutJson.Write(writer, world, row.Person, row.Entries),
            row => (row.Person, 0), EndOfList.Absent);
    }
}

/// <summary>A workspace with its counts, as every API key of the account sees it.</summary>
internal static class WorkspaceJson
{
    public static int IdOf(World world) => 130_001 + world.Number;

    public static JsonObject Of(World world)
    {
        var row = new JsonObject
        {
            ["name"] = $"Workspace {world.Number + 1}",
            ["messages_sent"] = world.Deliveries.CountAt(world.Clock.Seconds),
            ["billable_messages_sent"] = world.Deliveries.CountAt(world.Clock.Seconds) / 2,
            ["people"] = world.People.Count,
            ["object_types"] = world.Objects.Types.Count,
            ["objects"] = world.Objects.Count,
        };
        // The schema says integer, the vendor's example has a string: the first workspace uses the former, the others the latter.
        row.Insert(0, "id", world.Number == 0 ? JsonValue.Create(IdOf(world)) : JsonValue.Create($"{IdOf(world)}"));
        return row;
    }
}
