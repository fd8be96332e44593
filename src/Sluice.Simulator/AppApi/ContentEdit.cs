using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>Changes the content of a message: the keys that can be written on its channel, and no others.</summary>
internal static class ContentEdit
{
    private static readonly string[] SendingStates = ["automatic", "draft", "off"];
    private static readonly string[] Methods = ["get", "post", "put", "delete", "patch"];

    // A message without a sender or a method can't exist, and nothing says that leaving out the state stops it.
    private static readonly string[] Kept = ["from_id", "sender_identity_id", "method", "sending_state"];

    /// <summary>Checks the whole request before the first change; an overwrite empties the writable keys that are left out.</summary>
    public static void Apply(ApiCall call, JsonObject content, IReadOnlyList<string> writable, bool overwrites)
    {
        var type = Type(content);
        var values = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var member in call.Json().EnumerateObject())
        {
            if (writable.Contains(member.Name) && !(member.Name == "body" && IsDragAndDrop(content)))
            {
                values[member.Name] = Value(member, headersAreText: type == "webhook" && writable.Contains("url"));
            }
            else if (!call.World.Options.IgnoresReadOnlyKeys)
            {
                throw ApiException.Invalid($"{member.Name} of a content of type {type} cannot be changed");
            }
        }

        var emptied = writable.Except(values.Keys).Except(Kept)
            .Where(name => content.ContainsKey(name) && !(name == "body" && IsDragAndDrop(content)));
        foreach (var name in overwrites ? emptied.ToList() : [])
        {
            values[name] = Empty(name);
        }

        foreach (var (name, value) in values)
        {
            content[name] = value;
        }
    }

    public static string Type(JsonObject content) => content["type"]!.GetValue<string>();

    private static bool IsDragAndDrop(JsonObject content) => content["editor"]?.GetValue<string>() == "drag-and-drop";

    private static JsonNode? Value(JsonProperty member, bool headersAreText) => member.Name switch
    {
        "headers" => headersAreText ? HeadersAsText(member.Value) : Headers(member.Value),
        "from_id" or "sender_identity_id" => OfKind(member, JsonValueKind.Number),
        "reply_to_id" => OfKind(member, JsonValueKind.Number, JsonValueKind.Null),
        "tracked" or "send_to_unsubscribed" => OfKind(member, JsonValueKind.True, JsonValueKind.False),
        "sending_state" => OneOf(member, SendingStates),
        "method" => OneOf(member, Methods),
        _ => OfKind(member, JsonValueKind.String),
    };

    private static JsonNode? Empty(string name) => name switch
    {
        "headers" => "[]",
        "reply_to_id" => null,
        "tracked" or "send_to_unsubscribed" => false,
        _ => "",
    };

    /// <summary>An array of name and value is stored, and from then on read, as the text of that array.</summary>
    private static JsonValue Headers(JsonElement value)
        => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(IsHeader)
            ? JsonValue.Create(value.GetRawText())
            : throw ApiException.Invalid("headers must be an array of objects with a name and a value, both ASCII texts and the name without spaces");

    private static JsonValue HeadersAsText(JsonElement value)
    {
        try
        {
            using var list = JsonDocument.Parse(value.ValueKind == JsonValueKind.String ? value.GetString()! : "");
            return Headers(list.RootElement);
        }
        catch (JsonException)
        {
            throw ApiException.Invalid("headers must be the JSON text of an array");
        }
    }

    private static bool IsHeader(JsonElement header)
        => header.ValueKind == JsonValueKind.Object
            && FilterCondition.Text(header, "name") is { Length: > 0 } name && name.All(character => character is > ' ' and < '\x7f')
            && FilterCondition.Text(header, "value") is { } text && text.All(char.IsAscii);

    private static JsonNode? OneOf(JsonProperty member, string[] allowed)
        => allowed.Contains(member.Value.ToString())
            ? OfKind(member, JsonValueKind.String)
            : throw ApiException.Invalid($"{member.Name} must be one of {string.Join(", ", allowed)}");

    private static JsonNode? OfKind(JsonProperty member, params JsonValueKind[] kinds)
        => kinds.Contains(member.Value.ValueKind)
            ? JsonNode.Parse(member.Value.GetRawText())
            : throw ApiException.Invalid($"{member.Name} must be {string.Join(" or ", kinds).ToLowerInvariant()}");
}

/// <summary>The keys that a PUT can change, by where a content belongs and by its channel; everything else is read-only.</summary>
internal static class WritableKeys
{
    private static readonly string[] Letter = ["body", "body_amp", "subject", "preheader_text", "from_id", "reply_to_id", "recipient"];

    public static string[] Transactional { get; } = [.. Letter, "headers"];

    public static string[] OfAction(string type) => type switch
    {
        "email" or "push" or "in_app" or "slack" => [.. Letter, "headers", "sending_state"],
        "twilio" => ["body", "image_url", "recipient", "sending_state"],
        "whatsapp" => ["body", "body_json", "recipient", "sender_identity_id", "send_to_unsubscribed", "tracked", "sending_state"],
        "webhook" => ["url", "method", "headers", "body", "sending_state"],
        _ => [],
    };

    /// <summary>In-app and inbox messages have none; before September 2026 inbox messages had one.</summary>
    public static string[] OfNewsletter(string type, bool earlierForm) => type switch
    {
        "email" => [.. Letter, "body_plain"],
        "twilio" => ["body"],
        "push" => ["subject", "body"],
        "webhook" => ["body", "headers"],
        "inbox" when earlierForm => ["body_json"],
        _ => [],
    };
}
