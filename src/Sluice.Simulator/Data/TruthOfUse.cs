using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Simulator.Data;

/// <summary>What uses a segment or a sender: one row for each.</summary>
internal static class TruthOfUse
{
    public static IEnumerable<Action<Utf8JsonWriter>> OfSegments(World world)
        => world.Segments.Table.Ids.SelectMany(segment => Uses(
            world, "segment_id", segment, campaign => Holds(campaign.Row["trigger_segment_ids"], segment) || Holds(campaign.Row["filter_segment_ids"], segment),
            newsletter => Holds(newsletter.Row["recipient_segment_ids"], segment)));

    public static IEnumerable<Action<Utf8JsonWriter>> OfSenders(World world)
        => world.Settings.Senders.Ids.SelectMany(sender => Uses(
            world, "sender_id", sender, campaign => campaign.Actions.Rows.Any(action => Is(action["from_id"], sender)),
            newsletter => newsletter.Contents.Rows.Any(content => Is(content["from_id"], sender))));

    private static IEnumerable<Action<Utf8JsonWriter>> Uses(World world, string name, long id, Func<Journey, bool> byCampaign, Func<Newsletter, bool> byNewsletter)
    {
        var campaigns = world.Campaigns.Values.Where(byCampaign).Select(campaign => ("campaigns", campaign.Id));
        var newsletters = world.Newsletters.Values.Where(byNewsletter).Select(letter => (letter.SentAt is null ? "draft_newsletters" : "sent_newsletters", letter.Id));
        return campaigns.Concat(newsletters).Select(use => (Action<Utf8JsonWriter>)(writer =>
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
