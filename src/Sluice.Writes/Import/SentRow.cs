using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Writes.Import;

/// <summary>What was sent for a row, to be compared with what Customer.io has.</summary>
/// <param name="Batch">The number of its request.</param>
/// <param name="Item">The row.</param>
/// <param name="Person">What names the person; null when the row names none.</param>
/// <param name="Object">What names the object; null when the row names none.</param>
/// <param name="Values">The attributes; empty when only being there matters.</param>
internal sealed record SentRow(int Batch, BatchItem Item, string? Person, ObjectName? Object, JsonObject Values)
{
    /// <summary>What rows about the same thing have in common, as requests know it.</summary>
    /// <param name="ignoresCase">Whether people are named by e-mail addresses.</param>
    public string Key(bool ignoresCase) => string.Join(
        '\n', new[] { ignoresCase ? Person?.ToLowerInvariant() : Person, Object?.Type, Object?.Id }.OfType<string>());

    /// <summary>The row's identifier, for whoever looks for it in Customer.io.</summary>
    public string Identifier => string.Join(' ', new[] { Person, Object is null ? null : $"{Object.Type}/{Object.Id}" }.OfType<string>());

    public static SentRow Read(Batch batch, BatchItem item) => JsonNode.Parse(batch.BytesOf(item)) is JsonObject sent
        ? Of(sent, batch.Number, item)
        : new SentRow(batch.Number, item, JsonNode.Parse(batch.BytesOf(item))!.GetValue<string>(), null, []);

    /// <summary>Reads an operation of the Track API.</summary>
    public static SentRow Of(JsonObject sent, int batch, BatchItem item)
    {
        var person = PersonOf(sent)?.Value?.ToString();
        if (sent["type"]!.GetValue<string>() == "person")
        {
            return new SentRow(batch, item, person, null, sent["attributes"] as JsonObject ?? []);
        }

        var name = new ObjectName(sent["identifiers"]!["object_type_id"]!.ToString(), sent["identifiers"]!["object_id"]!.ToString());
        return new SentRow(batch, item, person, name, AttributesOf(sent) ?? []);
    }

    /// <summary>The attributes that an operation sets; of a relationship its own.</summary>
    public static JsonObject? AttributesOf(JsonObject sent) =>
        (sent["cio_relationships"] is JsonArray { Count: > 0 } related ? related[0]!["relationship_attributes"] : sent["attributes"]) as JsonObject;

    /// <summary>What names the person that an operation is about, by its kind; null for an object of its own.</summary>
    public static KeyValuePair<string, JsonNode?>? PersonOf(JsonObject sent) =>
        sent["type"]!.GetValue<string>() == "person" ? sent["identifiers"]!.AsObject().First()
        : sent["cio_relationships"] is JsonArray { Count: > 0 } related ? related[0]!["identifiers"]!.AsObject().First()
        : null;

    /// <summary>Takes over what a later row of the same person says.</summary>
    public SentRow With(SentRow later)
    {
        var values = (JsonObject)Values.DeepClone();
        foreach (var (name, value) in later.Values)
        {
            values[name] = value?.DeepClone();
        }

        return later with { Values = values };
    }
}

/// <summary>What names an object.</summary>
internal sealed record ObjectName(string Type, string Id);

/// <summary>Something that is not as it was sent.</summary>
/// <param name="Row">The row that said so.</param>
/// <param name="Attribute">The attribute; "" when person, object or relationship is not there, or still is.</param>
/// <param name="Reason">What it is instead.</param>
internal sealed record Difference(SentRow Row, string Attribute, string Reason);

/// <summary>Compares what was sent with what the App API gives, where all values are text (Customer.io App API reference).</summary>
internal static class SentValues
{
    private const string Topics = "cio_subscription_preferences.topics.";

    // Settings of the call are no attributes afterwards.
    private static readonly string[] NoAttributes = ["_update", "_timestamp", "cio_relationships", "cio_id"];

    public static IEnumerable<Difference> Compare(SentRow row, JsonElement attributes, bool? unsubscribed = null)
    {
        foreach (var (name, value) in row.Values)
        {
            if (NoAttributes.Contains(name))
            {
                continue;
            }

            if (name.StartsWith(Topics, StringComparison.Ordinal))
            {
                if (Preference(attributes, name[Topics.Length..]) is var preference && !IsSame(name, value, preference))
                {
                    yield return new Difference(row, name[Topics.Length..], $"is '{preference}'; sent was {Show(value)}");
                }

                continue;
            }

            var found = attributes.ValueKind == JsonValueKind.Object && attributes.TryGetProperty(name, out var has) ? TextOf(has)
                : name == "unsubscribed" && unsubscribed is { } flag ? (flag ? "true" : "false")
                : "";
            if (!IsSame(name, value, found))
            {
                var what = found.Length == 0 ? "is not there" : $"is '{found}'";
                yield return new Difference(row, name, $"{what}; sent was {Show(value)}");
            }
        }
    }

    public static bool IsSame(string name, JsonNode? sent, string found) => sent?.GetValueKind() switch
    {
        null or JsonValueKind.Null => found.Length == 0,
        JsonValueKind.String => string.Equals(
            sent.GetValue<string>(), found, name == "email" ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal),
        JsonValueKind.Number => found == sent.ToJsonString() || (Number(found) is { } number && number.Equals(Number(sent.ToJsonString()))),
        JsonValueKind.True or JsonValueKind.False => string.Equals(found, sent.ToJsonString(), StringComparison.OrdinalIgnoreCase),
        _ => Parse(found) is { } json && JsonNode.DeepEquals(json, sent),
    };

    public static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };

    // Topics are set by paths, and shown as an object in a text (Customer.io App API reference).
    private static string Preference(JsonElement attributes, string topic) =>
        attributes.ValueKind == JsonValueKind.Object && attributes.TryGetProperty("cio_subscription_preferences", out var text)
            && Parse(TextOf(text)) is JsonObject preferences
            ? (preferences["topics"] as JsonObject)?[topic]?.ToJsonString() ?? ""
            : "";

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Show(JsonNode? value) => value?.GetValueKind() is null or JsonValueKind.Null
        || (value.GetValueKind() == JsonValueKind.String && value.GetValue<string>().Length == 0)
        ? "nothing"
        : value.GetValueKind() == JsonValueKind.String ? $"'{value.GetValue<string>()}'" : $"'{value.ToJsonString(RelaxedJson.Options)}'";
}
