using System.Text.Json;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>What hangs on one person: deliveries, relationships, segments, subscriptions, opt-outs.</summary>
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

    private static void Messages(Exchange exchange)
    {
        if (PersonLookup.OfPath(exchange, "messages") is { } person)
        {
            MessageRoutes.Write(exchange, MessageWindow.Newest(exchange, 6) with { Person = person }, MessageShape.OfOnePerson, EndOfList.Empty);
        }
    }

    private static void Relations(Exchange exchange)
    {
        if (PersonLookup.OfPath(exchange, "cio_relationships") is not { } person)
        {
            return;
        }

        var skip = exchange.Cursor()?.First ?? 0;
        var rows = exchange.World.Relationships.OfPerson(person).Select((tie, position) => (Tie: tie, Position: (long)position + 1));
        exchange.Page(
            "cio_relationships", rows.Where(row => row.Position > skip), exchange.Limit(50, 1000),
            (writer, row) => ObjectJson.WriteRelationship(writer, row.Tie), row => (row.Position, 0), EndOfList.Empty);
    }

    private static void Segments(Exchange exchange)
    {
        if (PersonLookup.OfPath(exchange, "segments") is not { } person)
        {
            return;
        }

        exchange.Object(writer =>
        {
            writer.WriteStartArray("segments");
            foreach (var row in exchange.World.Segments.Table.Rows.Where(row => exchange.World.Segments.Contains(row["id"]!.GetValue<long>(), person)))
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

    private static void Preferences(Exchange exchange)
    {
        if (PersonLookup.OfPath(exchange, "customer") is not { } person)
        {
            return;
        }

        var key = exchange.World.People.KeyOf(person);
        var profile = exchange.World.People.ProfileOf(person);
        exchange.Object(writer =>
        {
            writer.WriteStartObject("customer");
            writer.WriteString("id", key.Id);
            writer.WritePropertyName("identifiers");
            PersonJson.WriteIdentifiers(writer, key);
            writer.WriteStartArray("topics");
            foreach (var topic in exchange.World.Settings.Topics.Rows)
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

    private static void Optouts(Exchange exchange)
    {
        if (PersonLookup.OfPath(exchange, "optouts") is { } person)
        {
            exchange.Object(writer => OptoutJson.WriteEntries(writer, exchange.World.Optouts.Of(person)));
        }
    }
}
