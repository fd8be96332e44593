using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Simulator.Data;

namespace Sluice.Simulator.Truth;

/// <summary>The truth about a workspace's settings.</summary>
internal static class TruthOfSettings
{
    public static IEnumerable<Action<Utf8JsonWriter>> CollectionRows(World world)
        => world.Settings.CollectionContents.SelectMany(collection => Rows(collection.Value).Select((row, index) => (Action<Utf8JsonWriter>)(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("collection_id", collection.Key);
            writer.WriteNumber("row_index", index);
            writer.WritePropertyName("row");
            row!.WriteTo(writer);
            writer.WriteEndObject();
        })));

    public static IEnumerable<Action<Utf8JsonWriter>> Snippets(World world)
        => world.Settings.Snippets.Select(snippet => (Action<Utf8JsonWriter>)(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("name", snippet.Key);
            writer.WriteString("value", snippet.Value.Value);
            writer.WriteNumber("updated_at", snippet.Value.Updated);
            writer.WriteEndObject();
        }));

    /// <summary>The four lists of the email provider; the domain is empty, because none was requested.</summary>
    public static IEnumerable<Action<Utf8JsonWriter>> Suppressions(World world)
        => Data.Suppressions.Types.SelectMany(type => world.Suppressions.Of(type).Select(entry => (Action<Utf8JsonWriter>)(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("suppression_type", type);
            writer.WriteString("email", entry.Email);
            writer.WriteString("domain", "");
            writer.WriteNumber("created", entry.Created);
            writer.WriteString("reason", "550 5.1.1 \"no such user\"");
            writer.WriteString("status", "550");
            writer.WriteEndObject();
        })));

    private static JsonArray Rows(JsonNode content) => content as JsonArray ?? [content.DeepClone()];
}

/// <summary>The campaigns and newsletters that use a segment or a sender, one row each.</summary>
internal static class TruthOfUse
{
    public static IEnumerable<Action<Utf8JsonWriter>> OfSegments(World world) =>
        world.Segments.Table.Ids.SelectMany(segment =>
            Uses(
                world,
                "segment_id",
                segment,
                campaign => Holds(campaign.Row["trigger_segment_ids"], segment) || Holds(campaign.Row["filter_segment_ids"], segment),
                newsletter => Holds(newsletter.Row["recipient_segment_ids"], segment)));

    public static IEnumerable<Action<Utf8JsonWriter>> OfSenders(World world)
        => world.Settings.Senders.Ids.SelectMany(sender => Uses(
            world, "sender_id", sender, campaign => campaign.Actions.Rows.Any(action => Is(action["from_id"], sender)),
            newsletter => newsletter.Contents.Rows.Any(content => Is(content["from_id"], sender))));

    private static IEnumerable<Action<Utf8JsonWriter>> Uses(
        World world, string name, long id, Func<Journey, bool> byCampaign, Func<Newsletter, bool> byNewsletter)
    {
        var campaigns = world.Campaigns.Values.Where(byCampaign).Select(campaign => ("campaigns", campaign.Id));
        var newsletters = world
            .Newsletters.Values.Where(byNewsletter)
            .Select(letter => (letter.SentAt is null ? "draft_newsletters" : "sent_newsletters", letter.Id));
        return campaigns
            .Concat(newsletters)
            .Select(use =>
                (Action<Utf8JsonWriter>)(
                    writer =>
                    {
                        writer.WriteStartObject();
                        writer.WriteNumber(name, id);
                        writer.WriteString("used_by", use.Item1);
                        writer.WriteNumber("used_by_id", use.Item2);
                        writer.WriteEndObject();
                    }));
    }

    private static bool Holds(JsonNode? ids, long id) => ids is JsonArray list && list.Any(value => Is(value, id));

    private static bool Is(JsonNode? value, long id) => value?.GetValue<int>() == id;
}
