using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Simulator.Data;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.TrackApi;

/// <summary>Reads members of a request body, refusing what the Track API would.</summary>
internal static class TrackBody
{
    public static ApiException Invalid(string field, string message) => new(400, message, ErrorEnvelope.Track, field);

    public static string Text(JsonElement body, string name) =>
        OptionalText(body, name) is { Length: > 0 } text ? text : throw Invalid(name, $"{name} is required and must be a string that is not empty");

    public static string? OptionalText(JsonElement body, string name)
    {
        if (!body.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Invalid(name, $"{name} must be a string");
    }

    public static string OneOf(JsonElement body, string name, params string[] allowed)
    {
        var text = Text(body, name);
        return allowed.Contains(text) ? text : throw Invalid(name, $"{name} must be one of {string.Join(", ", allowed)}");
    }

    public static long? Second(JsonElement body, string name)
    {
        if (!body.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var second) && second is > 0 and < 100_000_000_000
            ? second
            : throw Invalid(name, $"{name} must be unix seconds");
    }

    public static JsonElement? Object(JsonElement body, string name)
    {
        if (!body.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Object ? value : throw Invalid(name, $"{name} must be an object");
    }

    public static JsonElement RequiredObject(JsonElement body, string name) => Object(body, name) ?? throw Invalid(name, $"{name} is required");

    public static JsonNode? Node(JsonElement? value) => value is { } found ? JsonNode.Parse(found.GetRawText()) : null;

    /// <summary>Exactly one of the identifiers that a person can have.</summary>
    public static PersonReference Person(JsonElement identifiers, string field, params string[] kinds)
    {
        var given = kinds.Where(kind => identifiers.TryGetProperty(kind, out _)).ToList();
        return given.Count == 1
            ? new PersonReference(given[0], Text(identifiers, given[0]))
            : throw Invalid(field, $"{field} must hold exactly one of {string.Join(", ", kinds)}");
    }

    public static Device Device(JsonElement device, string tokenName, long now)
    {
        var attributes = Object(device, "attributes") is { } found
            ? found.EnumerateObject().ToDictionary(pair => pair.Name, pair => AttributeText.Of(pair.Value) ?? "", StringComparer.Ordinal)
            : [];
        return new Device(Text(device, tokenName), OneOf(device, "platform", "ios", "android"), Second(device, "last_used") ?? now, attributes);
    }
}
