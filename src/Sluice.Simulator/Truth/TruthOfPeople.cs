using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Simulator.AppApi;

namespace Sluice.Simulator.Truth;

/// <summary>The truth about people; <c>customer_id</c> is the cio_id in the tables that the reader adds it to.</summary>
internal static class TruthOfPeople
{
    public static IEnumerable<Action<Utf8JsonWriter>> Identifiers(World world)
        => world.People.From(0).Select(person => (Action<Utf8JsonWriter>)(writer => PersonJson.WriteIdentifiers(writer, world.People.KeyOf(person))));

    public static IEnumerable<Action<Utf8JsonWriter>> Attributes(World world)
        => world.People.From(0).Select(person => (Action<Utf8JsonWriter>)(writer =>
            PersonJson.WriteProfile(writer, world, person, world.People.KeyOf(person).CioId)));

    public static IEnumerable<Action<Utf8JsonWriter>> Relationships(World world)
        => world.People.From(0).SelectMany(person => world.Relationships.OfPerson(person)).Select(relationship => (Action<Utf8JsonWriter>)(writer =>
            ObjectJson.WriteRelationship(writer, relationship, customerId: world.People.KeyOf(relationship.Person).CioId)));

    public static IEnumerable<Action<Utf8JsonWriter>> ObjectRelationships(World world)
        => world.Objects.All.SelectMany(world.Relationships.OfObject).Select(relationship => (Action<Utf8JsonWriter>)(writer =>
            ObjectJson.WriteRelatedPerson(writer, world, relationship, namesObject: true)));

    public static IEnumerable<Action<Utf8JsonWriter>> Segments(World world)
        => world.People.From(0).SelectMany(person => world.Segments.Table.Ids.Where(id => world.Segments.Contains(id, person))
            .Select(id => (Action<Utf8JsonWriter>)(writer => Write(writer, world, id, person))));

    public static IEnumerable<Action<Utf8JsonWriter>> SegmentMembers(World world)
        => world.Segments.Table.Ids.SelectMany(id => world.Segments.Members(id, 0)
            .Select(person => (Action<Utf8JsonWriter>)(writer => WriteMember(writer, world, id, person))));

    public static IEnumerable<Action<Utf8JsonWriter>> Optouts(World world)
        => world.People.From(0).Where(person => world.Optouts.Of(person).Any())
            .Select(person => (Action<Utf8JsonWriter>)(writer => OptoutJson.Write(writer, world, person, world.Optouts.Of(person))));

    /// <summary>One row per person and topic: the person's choice, or the topic's default.</summary>
    public static IEnumerable<Action<Utf8JsonWriter>> Preferences(World world)
        => world.People.From(0).SelectMany(person => world.Settings.Topics.Rows
            .Select(topic => (Action<Utf8JsonWriter>)(writer => WritePreference(writer, world, person, topic))));

    private static void WritePreference(Utf8JsonWriter writer, World world, long person, JsonObject topic)
    {
        var (key, profile) = (world.People.KeyOf(person), world.People.ProfileOf(person));
        var chosen = profile.Attributes.TryGetValue("cio_subscription_preferences", out var text)
            ? JsonNode.Parse(text)!["topics"]?[topic["identifier"]!.GetValue<string>()]?.GetValue<bool>()
            : null;
        writer.WriteStartObject();
        writer.WriteString("customer_id", key.CioId);
        writer.WriteString("cio_id", key.CioId);
        writer.WriteNumber("id", topic["id"]!.GetValue<int>());
        writer.WriteBoolean("subscribed", chosen ?? topic["subscribed_by_default"]!.GetValue<bool>());
        writer.WriteString("name", topic["name"]!.GetValue<string>());
        writer.WriteString("description", topic["description"]!.GetValue<string>());
        writer.WriteBoolean("unsubscribed", profile.Unsubscribed);
        writer.WritePropertyName("identifiers");
        PersonJson.WriteIdentifiers(writer, key);
        writer.WriteStartObject("header");
        writer.WriteString("title", "Manage your subscription preferences");
        writer.WriteString("subtitle", "Check the box next to each topic you'd like to subscribe to.");
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, World world, long segment, long person)
    {
        var (row, cioId) = (world.Segments.Table.Find(segment)!, world.People.KeyOf(person).CioId);
        writer.WriteStartObject();
        writer.WriteNumber("id", segment);
        writer.WriteString("customer_id", cioId);
        writer.WriteString("cio_id", cioId);
        writer.WriteString("name", row["name"]!.GetValue<string>());
        writer.WriteString("description", row["description"]!.GetValue<string>());
        writer.WriteEndObject();
    }

    private static void WriteMember(Utf8JsonWriter writer, World world, long segment, long person)
    {
        var key = world.People.KeyOf(person);
        writer.WriteStartObject();
        writer.WriteNumber("segment_id", segment);
        writer.WriteString("id", key.Id);
        writer.WriteString("email", key.Email);
        writer.WriteString("cio_id", key.CioId);
        writer.WriteEndObject();
    }
}
