using System.Text.Json;
using Sluice.Simulator.Data;

namespace Sluice.Simulator.TrackApi;

/// <summary>One self-describing operation of version 2, validated before it is applied.</summary>
internal static class EntityOperation
{
    public const int LargestBytes = 32 * 1024;

    private static readonly string[] PersonActions =
    [
        "identify", "delete", "event", "screen", "page", "add_relationships", "delete_relationships", "add_device",
        "delete_device", "merge", "suppress", "unsuppress",
    ];

    private static readonly string[] Kinds = ["id", "email", "phone", "cio_id"];

    public static void Apply(World world, JsonElement operation)
    {
        if (operation.ValueKind != JsonValueKind.Object)
        {
            throw TrackBody.Invalid("", "an operation must be an object");
        }

        if (System.Text.Encoding.UTF8.GetByteCount(operation.GetRawText()) > LargestBytes)
        {
            throw TrackBody.Invalid("", "an operation may be 32 kB at most");
        }

        switch (TrackBody.OneOf(operation, "type", "person", "object", "delivery"))
        {
            case "person":
                OnPerson(world, operation);
                break;
            case "object":
                OnObject(world, operation);
                break;
            default:
                OnDelivery(operation);
                break;
        }
    }

    private static void OnPerson(World world, JsonElement operation)
    {
        var action = TrackBody.OneOf(operation, "action", PersonActions);
        if (action == "merge")
        {
            Merge(world, operation);
            return;
        }

        var who = TrackBody.Person(TrackBody.RequiredObject(operation, "identifiers"), "identifiers", Kinds);
        switch (action)
        {
            case "identify":
                Identify(world, operation, who);
                break;
            case "delete":
                world.Edits.Delete(who);
                break;
            case "suppress":
                world.Edits.Suppress(who);
                break;
            case "unsuppress":
                world.People.Unsuppress(who.Value);
                break;
            case "event" or "screen" or "page":
                Event(world, operation, who, action);
                break;
            case "add_device":
                world.Edits.SetDevice(who, TrackBody.Device(TrackBody.RequiredObject(operation, "device"), "token", world.Clock.Seconds));
                break;
            case "delete_device":
                world.Edits.RemoveDevice(who, TrackBody.Text(TrackBody.RequiredObject(operation, "device"), "token"));
                break;
            default:
                TrackRelationships.OfPerson(world, who, Relationships(operation), action == "add_relationships");
                break;
        }
    }

    private static JsonElement Relationships(JsonElement operation) =>
        operation.TryGetProperty("cio_relationships", out var list)
            ? list
            : throw TrackBody.Invalid("cio_relationships", "cio_relationships is required");

    private static void Merge(World world, JsonElement operation)
    {
        var primary = TrackBody.Person(TrackBody.RequiredObject(operation, "primary"), "primary", "id", "email", "cio_id");
        var secondary = TrackBody.Person(TrackBody.RequiredObject(operation, "secondary"), "secondary", "id", "email", "cio_id");
        world.Edits.Merge(primary, secondary);
    }

    private static void Identify(World world, JsonElement operation, PersonReference who)
    {
        TrackBody.Second(operation, "timestamp");
        var attributes = TrackBody.Object(operation, "attributes");
        var onlyUpdate = attributes is { } all && all.TryGetProperty("_update", out var flag) && flag.ValueKind == JsonValueKind.True;
        var given = attributes?.EnumerateObject().ToList() ?? [];
        CheckTopics(given);
        world.Edits.Identify(who, given, onlyUpdate);
        if (operation.TryGetProperty("cio_relationships", out var list))
        {
            TrackRelationships.OfPerson(world, who, list, add: true);
        }
    }

    private static void CheckTopics(IEnumerable<JsonProperty> attributes)
    {
        foreach (var attribute in attributes.Where(attribute => attribute.Name.StartsWith(TopicPaths.Start, StringComparison.Ordinal)))
        {
            var isTopic = attribute.Name[TopicPaths.Start.Length..] is var name && name.StartsWith("topic_", StringComparison.Ordinal)
                && name["topic_".Length..].All(char.IsAsciiDigit);
            var isValue = attribute.Value.ValueKind is JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null
                || (attribute.Value.ValueKind == JsonValueKind.String && attribute.Value.GetString()!.Length == 0);
            if (!isTopic || !isValue)
            {
                throw TrackBody.Invalid($"attributes.{attribute.Name}", "a topic is called topic_<id>, and is true or false");
            }
        }
    }

    private static void Event(World world, JsonElement operation, PersonReference who, string action)
        => world.Edits.Event(
            who, action, TrackBody.Text(operation, "name"), TrackBody.OptionalText(operation, "id"), TrackBody.Second(operation, "timestamp"),
            TrackBody.Node(TrackBody.Object(operation, "attributes")));

    private static void OnObject(World world, JsonElement operation)
    {
        var action = TrackBody.OneOf(operation, "action", "identify", "identify_anonymous", "delete", "add_relationships", "delete_relationships");
        var identifiers = TrackBody.RequiredObject(operation, "identifiers");
        var target = TrackRelationships.ObjectOf(world, identifiers, create: action is not ("delete" or "delete_relationships"));
        if (target is null)
        {
            return;
        }

        if (action == "delete")
        {
            world.Objects.Remove(target);
            return;
        }

        foreach (var attribute in TrackBody.Object(operation, "attributes")?.EnumerateObject().ToList() ?? [])
        {
            target.Set(attribute.Name, TrackBody.Node(attribute.Value), world.Clock.Seconds);
        }

        if (action != "identify_anonymous" && operation.TryGetProperty("cio_relationships", out var list))
        {
            TrackRelationships.OfObject(world, target, list, action != "delete_relationships");
        }
        else if (action is "add_relationships" or "delete_relationships")
        {
            throw TrackBody.Invalid("cio_relationships", "cio_relationships is required");
        }
    }

    private static void OnDelivery(JsonElement operation)
    {
        TrackBody.OneOf(operation, "action", "event");
        TrackBody.Text(TrackBody.RequiredObject(operation, "identifiers"), "id");
        TrackBody.OneOf(operation, "name", "opened", "converted", "delivered");
        TrackBody.Text(TrackBody.RequiredObject(operation, "attributes"), "device_token");
    }
}
