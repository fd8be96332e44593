using System.Text.Json.Nodes;

namespace Sluice.Simulator.Data;

/// <summary>An entry of the activity log; the person is an index, the key of a deleted person, or nobody.</summary>
internal sealed record Activity(long Index, long Timestamp, string Type, long? Person, PersonKey? Deleted)
{
    public string? Name { get; init; }

    public string? Url { get; init; }

    public string? DeliveryId { get; init; }

    public string? DeliveryType { get; init; }

    public JsonNode? Data { get; init; }
}

/// <summary>Generates activities of each type with data of every JSON shape.</summary>
internal static class ActivityData
{
    private static readonly string[] Types =
    [
        "event", "event", "event", "attribute_change", "page", "screen", "sent_email", "opened_email", "clicked_email", "profile_create",
        "add_relationship", "_o:1:create", "_r:1:attribute_change", "device_change", "failed_attribute_change",
    ];

    private static readonly string[] Events = ["purchase", "Purchase", "sign up", "order \"done\"; --", "événement", "a+b"];

    public static Activity Fill(SeededRandom random, Activity activity)
    {
        var index = activity.Index;
        var type = random.Pick(Types, RandomStream.ActivityType, index);
        var filled = activity with { Type = type };
        var roll = random.Below(10, RandomStream.ActivityData, index);
        return type switch
        {
            "event" => filled with { Name = Events[roll % Events.Length], Data = EventData(roll, index) },
            "screen" => filled with { Name = "Home", Data = new JsonObject() },
            "page" => filled with { Url = $"https://example.com/p/{index}?q=a+b&x=%20", Data = new JsonObject { ["width"] = 1280 } },
            "attribute_change" or "_r:1:attribute_change" => filled with { Data = Change(roll, index) },
            "failed_attribute_change" => filled with { Data = new JsonObject { ["error"] = "value too long" } },
            "sent_email" or "opened_email" or "clicked_email" => filled with
            {
                DeliveryId = DeliveryIds.Encode(random, index),
                DeliveryType = "email",
                Data = new JsonObject
                {
                    ["delivery_id"] = DeliveryIds.Encode(random, index),
                    ["delivered"] = roll % 2 == 0 ? null : activity.Timestamp,
                    ["opened"] = roll % 3 == 0 ? null : true,
                },
            },
            _ => filled with { Data = roll == 0 ? null : new JsonObject { ["object_id"] = $"acme-{index}" } },
        };
    }

    private static JsonObject Change(int roll, long index) => new()
    {
        ["email"] = new JsonObject { ["from"] = roll % 2 == 0 ? "" : $"old{index}@example.com", ["to"] = $"new{index}@example.com" },
        ["plan"] = new JsonObject { ["from"] = "free", ["to"] = "pro" },
    };

    private static JsonNode? EventData(int roll, long index) => roll switch
    {
        0 => new JsonObject { ["price"] = 12.5, ["sku"] = "007", ["count"] = index },
        1 => new JsonObject { ["price"] = "12.50", ["items"] = new JsonArray(new JsonObject { ["id"] = 1, ["tags"] = new JsonArray("a", null) }) },
        2 => Nested(30),
        3 => new JsonArray(1, "two", null, new JsonObject()),
        4 => JsonValue.Create("just text"),
        5 => null,
        6 => new JsonObject { ["Name"] = 1, ["name"] = "x", ["big"] = 9007199254740993L, ["huge"] = 1.7976931348623157e308 },
        7 => new JsonObject { [""] = true, ["drop table \"x\"; --"] = "y", ["a.b"] = new JsonObject { ["c"] = new JsonArray() } },
        8 => new JsonObject { ["essay"] = new string('e', 3000), ["emoji 🎉"] = "👩‍👩‍👧‍👦", ["control"] = "\u0001\u2028" },
        _ => new JsonObject(),
    };

    private static JsonNode Nested(int depth)
    {
        JsonNode node = JsonValue.Create("bottom");
        for (var level = 0; level < depth; level++)
        {
            node = level % 2 == 0 ? new JsonObject { [$"level{level}"] = node } : new JsonArray(node);
        }

        return node;
    }
}
