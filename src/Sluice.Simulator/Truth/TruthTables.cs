using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Simulator.AppApi;
using Sluice.Simulator.Data;

namespace Sluice.Simulator.Truth;

/// <summary>The rows that a complete and correct reader of the API ends up with, by table, taken straight from the world.</summary>
internal static class TruthTables
{
    private static readonly SortedDictionary<string, Func<World, IEnumerable<Action<Utf8JsonWriter>>>> Tables = new(StringComparer.Ordinal)
    {
        ["activities"] = world => Lines(world.Activities.Newest(null).Where(activity => activity.Deleted is null), world, ActivityJson.Write),
        ["activities_of_deleted"] = world =>
            Lines(world.Activities.Newest(null).Where(activity => activity.Deleted is not null), world, ActivityJson.Write),
        ["broadcast_actions"] = world => Rows(world.Broadcasts.Values.SelectMany(broadcast => broadcast.Actions.Rows.Select(ActionJson.Of))),
        ["broadcast_messages"] = world => MessagesOf(world, ParentKind.Broadcast),
        ["broadcast_triggers"] = world =>
            Rows(world.Broadcasts.Values.SelectMany(broadcast =>
                broadcast.Triggers.Rows.Select(trigger => TriggerRoutes.Shown(trigger, world.Clock.Seconds)))),
        ["broadcasts"] = world => Rows(world.Broadcasts.Values.Select(broadcast => broadcast.Row)),
        ["campaign_actions"] = world => Rows(world.Campaigns.Values.SelectMany(campaign => campaign.Actions.Rows.Select(ActionJson.Of))),
        ["campaign_messages"] = world => MessagesOf(world, ParentKind.Campaign),
        ["campaigns"] = world => Rows(world.Campaigns.Values.Select(campaign => campaign.Row)),
        ["collection_rows"] = TruthOfSettings.CollectionRows,
        ["collections"] = world => Rows(world.Settings.Collections.Rows),
        ["customer_attributes"] = TruthOfPeople.Attributes,
        ["customer_relationships"] = TruthOfPeople.Relationships,
        ["customer_segments"] = TruthOfPeople.Segments,
        ["customer_subscription_preferences"] = TruthOfPeople.Preferences,
        ["customers"] = TruthOfPeople.Identifiers,
        ["esp_suppressions"] = TruthOfSettings.Suppressions,
        ["exports"] = world => Rows(world.Exports.All.Select(export => export.ToRow(world.Options.ExportPolls))),
        ["link_clicks"] = TruthOfLinks.Clicks,
        ["messages"] = world => MessagesOf(world, null),
        ["message_drafts"] = world =>
            Messages(world).Where(delivery => delivery.Draft).Select(delivery => Message(world, delivery, MessageShape.Ordinary)),
        ["newsletter_contents"] = world => Rows(world.Newsletters.Values.SelectMany(newsletter => newsletter.Contents.Rows)),
        ["newsletter_messages"] = world => MessagesOf(world, ParentKind.Newsletter),
        ["newsletter_test_groups"] = TestGroups,
        ["newsletters"] = world => Rows(world.Newsletters.Values.Select(newsletter => newsletter.Row)),
        ["object_relationships"] = TruthOfPeople.ObjectRelationships,
        ["object_types"] = world => Rows(world.Objects.Types.Rows),
        ["objects"] = world => world.Objects.All.Select(found => (Action<Utf8JsonWriter>)(writer => ObjectJson.WriteObject(writer, found))),
        ["optouts"] = TruthOfPeople.Optouts,
        ["reporting_webhooks"] = world => Rows(world.Settings.ReportingWebhooks.Rows),
        ["segment_memberships"] = TruthOfPeople.SegmentMembers,
        ["segment_usage"] = TruthOfUse.OfSegments,
        ["segments"] = world => Rows(world.Segments.Table.Rows),
        ["sender_identities"] = world => Rows(world.Settings.Senders.Rows),
        ["sender_usage"] = TruthOfUse.OfSenders,
        ["snippets"] = TruthOfSettings.Snippets,
        ["subscription_channels"] = world => Rows(world.Settings.Channels.Rows),
        ["subscription_topics"] = world => Rows(world.Settings.Topics.Rows),
        ["transactional_contents"] = TransactionalContents,
        ["transactional_deliveries"] = world => MessagesOf(world, ParentKind.Transactional),
        ["transactional_messages"] = world => Rows(world.Transactional.Values.Select(message => message.Row)),
    };

    public static IReadOnlyCollection<string> Names => Tables.Keys;

    public static IEnumerable<Action<Utf8JsonWriter>>? Of(World world, string table)
        => Tables.TryGetValue(table, out var rows) ? rows(world) : null;

    private static IEnumerable<Action<Utf8JsonWriter>> Rows(IEnumerable<JsonObject> rows)
        => rows.Select(row => (Action<Utf8JsonWriter>)(writer => row.WriteTo(writer)));

    private static IEnumerable<Action<Utf8JsonWriter>> Lines<T>(IEnumerable<T> rows, World world, Action<Utf8JsonWriter, World, T> write)
        => rows.Select(row => (Action<Utf8JsonWriter>)(writer => write(writer, world, row)));

    /// <summary>Every delivery, oldest first, independent of the endpoints' window and paging logic.</summary>
    private static IEnumerable<Delivery> Messages(World world)
    {
        var count = world.Deliveries.CountAt(world.Clock.Seconds);
        for (long index = 0; index < count; index++)
        {
            yield return world.Deliveries.At(index);
        }

        foreach (var delivery in world.Deliveries.Extra.Where(delivery => delivery.Created <= world.Clock.Seconds))
        {
            yield return delivery;
        }
    }

    private static IEnumerable<Action<Utf8JsonWriter>> MessagesOf(World world, ParentKind? kind)
        => Messages(world).Where(delivery => !delivery.Draft && (kind is null || delivery.Parent.Kind == kind) && IsListed(world, delivery, kind))
            .Select(delivery => Message(world, delivery, kind == ParentKind.Transactional ? MessageShape.Transactional : MessageShape.Ordinary));

    /// <summary>A deleted parent's deliveries stay in the workspace's list, but the parent's list is gone.</summary>
    private static bool IsListed(World world, in Delivery delivery, ParentKind? kind) => kind switch
    {
        ParentKind.Campaign => world.Campaigns.ContainsKey(delivery.Parent.Id),
        ParentKind.Broadcast => world.Broadcasts.ContainsKey(delivery.Parent.Id),
        ParentKind.Newsletter => world.Newsletters.ContainsKey(delivery.Parent.Id),
        _ => true,
    };

    private static Action<Utf8JsonWriter> Message(World world, Delivery delivery, MessageShape shape)
    {
        var transactional = delivery.Parent.Kind == ParentKind.Transactional;
        return writer => MessageJson.Write(writer, world, delivery, shape, transactionalId: transactional ? delivery.Parent.Id : null);
    }

    private static IEnumerable<Action<Utf8JsonWriter>> TestGroups(World world) =>
        Rows(
            world.Newsletters.Values.SelectMany(newsletter => newsletter.TestGroups.Rows.Select(group => With(group, "newsletter_id", newsletter.Id)))
        );

    private static IEnumerable<Action<Utf8JsonWriter>> TransactionalContents(World world)
        => Rows(world.Transactional.Values.SelectMany(message => message.Contents.Rows.Select(row => With(row, "transactional_id", message.Id))));

    private static JsonObject With(JsonObject row, string name, int value)
    {
        var copy = (JsonObject)row.DeepClone();
        copy[name] = value;
        return copy;
    }
}

/// <summary>Writes rows as newline-delimited JSON through one buffer, so memory does not grow with rows.</summary>
internal static class JsonLines
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static IEnumerable<ReadOnlyMemory<byte>> Of(IEnumerable<Action<Utf8JsonWriter>> rows)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        foreach (var row in rows)
        {
            buffer.ResetWrittenCount();
            using (var writer = new Utf8JsonWriter(buffer, Relaxed))
            {
                row(writer);
            }

            buffer.Write("\n"u8);
            yield return buffer.WrittenMemory;
        }
    }
}
