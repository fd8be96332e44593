using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Engine;

namespace Sluice.Settings;

/// <summary>
/// Checks a filter of people before it is sent, by the grammar that Customer.io documents: and, or, not, segment, attribute with eq or exists.
/// </summary>
internal static class PeopleFilterText
{
    private const string Example = """For example {"and":[{"segment":{"id":7}},{"attribute":{"field":"plan","operator":"eq","value":"pro"}}]}.""";
    private static readonly string[] Words = ["and", "or", "not", "segment", "attribute"];
    private static readonly string[] Operators = ["eq", "exists"];

    /// <summary>Reads a filter and gives it without blanks; notes what is wrong and gives null then.</summary>
    public static string? Read(SettingKey where, string text, ValidationErrors mistakes)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (Problem(document.RootElement, "$") is { } problem)
            {
                mistakes.Add(where, $"{where}: {problem}.", Example);
                return null;
            }

            return JsonSerializer.Serialize(document.RootElement, PeopleFilterJson.Default.JsonElement);
        }
        catch (JsonException error)
        {
            mistakes.Add(where, $"{where} is no JSON ({error.Message}): '{text}'.", Example);
            return null;
        }
    }

    private static string? Problem(JsonElement node, string path)
    {
        if (node.ValueKind != JsonValueKind.Object)
        {
            return $"at {path} stands {Kind(node)} instead of an object with one of {string.Join(", ", Words)}";
        }

        var keys = node.EnumerateObject().ToList();
        if (keys.Count != 1)
        {
            return $"at {path} stand {keys.Count} conditions; several must be the items of an \"and\" or \"or\"";
        }

        var (name, value, inside) = (keys[0].Name, keys[0].Value, $"{path}.{keys[0].Name}");
        return name switch
        {
            "and" or "or" => Group(value, inside),
            "not" => Problem(value, inside),
            "segment" => Segment(value, inside),
            "attribute" => Attribute(value, inside),
            _ => $"'{name}' at {path} is none of {string.Join(", ", Words)}",
        };
    }

    private static string? Group(JsonElement value, string path) =>
        value.ValueKind != JsonValueKind.Array ? $"{path} must be an array, but is {Kind(value)}"
        : value.GetArrayLength() == 0 ? $"{path} is empty"
        : value.EnumerateArray().Select((item, place) => Problem(item, $"{path}[{place}]")).FirstOrDefault(problem => problem is not null);

    private static string? Segment(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Object
        && value.EnumerateObject().Count() == 1
        && value.TryGetProperty("id", out var id)
        && id.ValueKind == JsonValueKind.Number
        && id.TryGetInt64(out _)
            ? null
            : $"{path} must be {{\"id\": NUMBER}}";

    private static string? Attribute(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return $"{path} must be an object with field, operator and value";
        }

        if (value.EnumerateObject().Select(pair => pair.Name).FirstOrDefault(name => name is not ("field" or "operator" or "value")) is { } unknown)
        {
            return $"{path} has '{unknown}'; there are field, operator and value";
        }

        var operation = Text(value, "operator");
        return Text(value, "field") is not { Length: > 0 } ? $"{path}.field is missing"
            : operation is null || !Operators.Contains(operation, StringComparer.Ordinal)
                ? $"{path}.operator is '{operation}'; Customer.io knows eq and exists"
            : operation == "eq"
            && (
                !value.TryGetProperty("value", out var wanted)
                || wanted.ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null)
                ? $"{path}.value is missing: eq compares with a text, number, true or false"
            : null;
    }

    private static string? Text(JsonElement value, string name) =>
        value.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static string Kind(JsonElement node) => node.ValueKind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "a text",
        JsonValueKind.Null => "null",
        _ => node.GetRawText(),
    };
}

[JsonSerializable(typeof(JsonElement))]
internal sealed partial class PeopleFilterJson : JsonSerializerContext;
