using System.Text.Json.Nodes;

namespace Sluice.ServerTests.Webhooks;

/// <summary>Events made of the vendor's own description: for each schema in it, and for each alternative that a schema has, one example.</summary>
internal static class VendorEvents
{
    private static readonly JsonObject Schemas =
        JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Webhooks", "reporting-webhooks.openapi.json")))
            !["components"]!["schemas"]!
            .AsObject();

    /// <summary>The schemas of events by their names.</summary>
    public static IEnumerable<string> Names => Schemas
        .Where(schema => schema.Key.EndsWith("_event", StringComparison.Ordinal) && schema.Value!["oneOf"] is not null)
        .SelectMany(schema => schema.Value!["oneOf"]!.AsArray().Select(one => NameOf(one!)));

    /// <summary>The examples of a schema, each with ids of its own.</summary>
    public static IEnumerable<JsonObject> Of(string schema) => Examples(Schemas[schema]!).Select((example, place) =>
    {
        var body = example!.AsObject();
        body["event_id"] = $"{schema}-{place}";
        if (body["data"] is JsonObject data && data.ContainsKey("delivery_id"))
        {
            data["delivery_id"] = $"delivery-{schema}-{place}";
        }

        return body;
    });

    private static string NameOf(JsonNode reference) => reference["$ref"]!.GetValue<string>().Split('/')[^1];

    private static IReadOnlyList<JsonNode?> Examples(JsonNode schema)
    {
        if (schema["$ref"] is not null)
        {
            return Examples(Schemas[NameOf(schema)]!);
        }

        // What has both alternatives and a part that all share is a choice of objects that are laid together.
        IReadOnlyList<JsonNode?> made = schema["properties"] is JsonObject properties ? Objects(properties)
            : schema["oneOf"] is not null || schema["allOf"] is not null ? [new JsonObject()]
            : [Value(schema)];
        if (schema["oneOf"] is JsonArray one)
        {
            made = Joined(made, [.. one.SelectMany(part => Examples(part!))]);
        }

        return (schema["allOf"] as JsonArray ?? []).Aggregate(made, (all, part) => Joined(all, Examples(part!)));
    }

    private static IReadOnlyList<JsonNode?> Objects(JsonObject properties)
    {
        IReadOnlyList<JsonNode?> made = [new JsonObject()];
        foreach (var (name, schema) in properties)
        {
            var values = Examples(schema!);
            made = [.. made.SelectMany(one => values.Select(value => With(one!.AsObject(), name, value)))];

            // Each value is seen at least once; all combinations of all would be thousands.
            made = made.Count > 8 ? [.. made.Take(8)] : made;
        }

        return made;
    }

    private static IReadOnlyList<JsonNode?> Joined(IReadOnlyList<JsonNode?> all, IReadOnlyList<JsonNode?> parts) =>
        [.. all.SelectMany(one => parts.Select(part => one is JsonObject left && part is JsonObject right ?
            Joined(left, right) : part?.DeepClone()))];

    private static JsonObject Joined(JsonObject left, JsonObject right)
    {
        var both = left.DeepClone().AsObject();
        foreach (var (name, value) in right)
        {
            both[name] = both[name] is JsonObject had && value is JsonObject more ? Joined(had, more) : value?.DeepClone();
        }

        return both;
    }

    private static JsonObject With(JsonObject one, string name, JsonNode? value)
    {
        var copy = one.DeepClone().AsObject();
        copy[name] = value?.DeepClone();
        return copy;
    }

    private static JsonNode? Value(JsonNode schema)
    {
        if (schema["enum"] is JsonArray { Count: > 0 } words)
        {
            return words[0]!.DeepClone();
        }

        if (schema["example"] is { } example)
        {
            return example.DeepClone();
        }

        var type = schema["type"] is JsonArray types ? types[0]!.GetValue<string>() : schema["type"]?.GetValue<string>();
        return type switch
        {
            "integer" => JsonValue.Create(1_613_063_089),
            "boolean" => JsonValue.Create(true),
            "array" => new JsonArray(Examples(schema["items"]!)[0]?.DeepClone()),
            "object" => new JsonObject(),
            "null" => null,
            _ => JsonValue.Create("text"),
        };
    }
}
