using System.Text.Json;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Everything that belongs to one person: deliveries, relationships, segments, subscriptions, opt-outs.</summary>
internal static class CustomerChildRoutes
{
    public static void Map(Router router)
    {
        router.Get("/v1/customers/{customer_id}/messages", Messages);
        router.Get("/v1/customers/{customer_id}/relationships", Relations);
        router.Get("/v1/customers/{customer_id}/segments", Segments);
        router.Get("/v1/customers/{customer_id}/subscription_preferences", Preferences);
        router.Get("/v1/customers/{customer_id}/optouts", Optouts);
    }

    private static void Messages(ApiCall call)
    {
        if (PersonLookup.OfPath(call, "messages") is { } person)
        {
            MessageRoutes.Write(call, MessageWindow.Newest(call, 6) with { Person = person }, MessageShape.OfOnePerson, EndOfList.Empty);
        }
    }

    private static void Relations(ApiCall call)
    {
        if (PersonLookup.OfPath(call, "cio_relationships") is not { } person)
        {
            return;
        }

        var skip = call.Cursor()?.First ?? 0;
        var rows = call
            .World.Relationships.OfPerson(person)
            .Select((relationship, position) => (Relationship: relationship, Position: (long)position + 1));
        call.Page(
            "cio_relationships", rows.Where(row => row.Position > skip), call.Limit(50, 1000),
            (writer, row) => ObjectJson.WriteRelationship(writer, row.Relationship), row => (row.Position, 0), EndOfList.Empty);
    }

    private static void Segments(ApiCall call)
    {
        if (PersonLookup.OfPath(call, "segments") is not { } person)
        {
            return;
        }

        call.Object(writer =>
        {
            writer.WriteStartArray("segments");
            foreach (var row in call.World.Segments.Table.Rows.Where(row => call.World.Segments.Contains(row["id"]!.GetValue<long>(), person)))
            {
                writer.WriteStartObject();
                writer.WriteNumber("id", row["id"]!.GetValue<long>());
                writer.WriteString("name", row["name"]!.GetValue<string>());
                writer.WriteString("description", row["description"]!.GetValue<string>());
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    private static void Preferences(ApiCall call)
    {
        if (PersonLookup.OfPath(call, "customer") is not { } person)
        {
            return;
        }

        var key = call.World.People.KeyOf(person);
        var profile = call.World.People.ProfileOf(person);
        call.Object(writer =>
        {
            writer.WriteStartObject("customer");
            writer.WriteString("id", key.Id);
            writer.WritePropertyName("identifiers");
            PersonJson.WriteIdentifiers(writer, key);
            writer.WriteStartArray("topics");
            foreach (var topic in call.World.Settings.Topics.Rows)
            {
                WriteTopic(writer, topic, profile);
            }

            writer.WriteEndArray();
            writer.WriteBoolean("unsubscribed", profile.Unsubscribed);
            writer.WriteStartObject("header");
            writer.WriteString("title", "Manage your subscription preferences");
            writer.WriteString("subtitle", "Check the box next to each topic you'd like to subscribe to.");
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }

    private static void WriteTopic(Utf8JsonWriter writer, System.Text.Json.Nodes.JsonObject topic, PersonProfile profile)
    {
        var own = Preference(profile, topic["identifier"]!.GetValue<string>());
        writer.WriteStartObject();
        writer.WriteNumber("id", topic["id"]!.GetValue<int>());
        writer.WriteBoolean("subscribed", own ?? topic["subscribed_by_default"]!.GetValue<bool>());
        writer.WriteString("name", topic["name"]!.GetValue<string>());
        writer.WriteString("description", topic["description"]!.GetValue<string>());
        writer.WriteEndObject();
    }

    private static bool? Preference(PersonProfile profile, string topic)
    {
        if (!profile.Attributes.TryGetValue("cio_subscription_preferences", out var text))
        {
            return null;
        }

        using var document = JsonDocument.Parse(text);
        return document.RootElement.TryGetProperty("topics", out var topics) && topics.TryGetProperty(topic, out var value)
            ? value.ValueKind == JsonValueKind.True
            : null;
    }

    private static void Optouts(ApiCall call)
    {
        if (PersonLookup.OfPath(call, "optouts") is { } person)
        {
            call.Object(writer => OptoutJson.WriteEntries(writer, call.World.Optouts.Of(person)));
        }
    }
}
