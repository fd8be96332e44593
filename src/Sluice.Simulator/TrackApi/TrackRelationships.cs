using System.Globalization;
using System.Text.Json;
using Sluice.Simulator.Data;

namespace Sluice.Simulator.TrackApi;

/// <summary>Relationships between people and objects, given from either side.</summary>
internal static class TrackRelationships
{
    /// <summary>The object that an <c>identifiers</c> member names; created if it is missing and <paramref name="create"/> is set.</summary>
    public static CioObject? ObjectOf(World world, JsonElement identifiers, bool create)
    {
        if (TrackBody.OptionalText(identifiers, "cio_object_id") is { } cioObjectId)
        {
            return world.Objects.FindByCioId(cioObjectId);
        }

        var typeText = TrackBody.Text(identifiers, "object_type_id");
        if (!int.TryParse(typeText, NumberStyles.None, CultureInfo.InvariantCulture, out var type) || world.Objects.Types.Find(type) is null)
        {
            throw TrackBody.Invalid("identifiers.object_type_id", "no such object type");
        }

        var id = TrackBody.Text(identifiers, "object_id");
        var known = world.Objects.Find(type, id, byCioId: false);
        return known ?? (create ? world.Objects.Add(type, id, world.Clock.Seconds) : null);
    }

    /// <summary>Adds or removes relationships between a person and a list of objects.</summary>
    public static void OfPerson(World world, PersonReference who, JsonElement list, bool add)
    {
        foreach (var entry in Entries(list))
        {
            var target = ObjectOf(world, TrackBody.RequiredObject(entry, "identifiers"), create: add);
            var person = add ? world.Edits.Find(who) ?? world.Edits.Identify(who, [], onlyUpdate: false) : world.Edits.Find(who);
            Set(world, person, target, entry, add);
        }
    }

    /// <summary>Adds or removes relationships between an object and a list of people.</summary>
    public static void OfObject(World world, CioObject? target, JsonElement list, bool add)
    {
        foreach (var entry in Entries(list))
        {
            var who = TrackBody.Person(TrackBody.RequiredObject(entry, "identifiers"), "identifiers", "id", "email", "cio_id");
            var person = add ? world.Edits.Find(who) ?? world.Edits.Identify(who, [], onlyUpdate: false) : world.Edits.Find(who);
            Set(world, person, target, entry, add);
        }
    }

    private static IEnumerable<JsonElement> Entries(JsonElement list)
        => list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : throw TrackBody.Invalid("cio_relationships", "must be a list");

    private static void Set(World world, long? person, CioObject? target, JsonElement entry, bool add)
    {
        if (person is not { } found || target is null)
        {
            return;
        }

        if (!add)
        {
            world.Relationships.Remove(found, target);
            return;
        }

        // What is not given stays; null or an empty text takes an attribute away (Customer.io Track API reference).
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        var given = TrackBody.Object(entry, "relationship_attributes")?.EnumerateObject().Select(pair => (pair.Name, AttributeText.Of(pair.Value)));
        var known = world.Relationships.OfPerson(found).FirstOrDefault(one => ReferenceEquals(one.Object, target))?.Attributes ?? attributes;
        foreach (var (name, value) in known.Select(pair => (pair.Key, (string?)pair.Value)).Concat(given ?? []))
        {
            attributes[name] = value ?? "";
        }

        foreach (var name in attributes.Where(pair => pair.Value.Length == 0).Select(pair => pair.Key).ToList())
        {
            attributes.Remove(name);
        }

        world.Relationships.Set(found, target, attributes, world.Clock.Seconds);
    }
}
