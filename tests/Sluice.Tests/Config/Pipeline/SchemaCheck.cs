using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sluice.Tests.Config.Pipeline;

/// <summary>
/// Checks a value by the part of JSON Schema (draft 7) that the pipeline's schema uses; a keyword that it does not know is an error.
/// </summary>
internal sealed class SchemaCheck(JsonElement root)
{
    private static readonly string[] Notes = ["$schema", "title", "description", "definitions"];

    public bool Accepts(JsonElement value) => Accepts(root, value);

    private bool Accepts(JsonElement schema, JsonElement value) =>
        schema.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => schema
                .EnumerateObject()
                .Where(keyword => !Notes.Contains(keyword.Name, StringComparer.Ordinal))
                .All(keyword => Meets(schema, keyword, value)),
        };

    private bool Meets(JsonElement schema, JsonProperty keyword, JsonElement value)
    {
        var (wanted, kind) = (keyword.Value, value.ValueKind);
        return keyword.Name switch
        {
            "$ref" => Accepts(Find(wanted.GetString()!), value),
            "anyOf" => wanted.EnumerateArray().Any(one => Accepts(one, value)),
            "allOf" => wanted.EnumerateArray().All(one => Accepts(one, value)),
            "type" => wanted.ValueKind == JsonValueKind.Array
                ? wanted.EnumerateArray().Any(one => IsA(one.GetString()!, value))
                : IsA(wanted.GetString()!, value),
            "enum" => wanted.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)),
            "pattern" => kind != JsonValueKind.String
                || Regex.IsMatch(value.GetString()!, wanted.GetString()!, RegexOptions.ECMAScript, TimeSpan.FromSeconds(5)),
            "minLength" => kind != JsonValueKind.String || value.GetString()!.Length >= wanted.GetInt32(),
            "minimum" => kind != JsonValueKind.Number || value.GetDouble() >= wanted.GetDouble(),
            "maximum" => kind != JsonValueKind.Number || value.GetDouble() <= wanted.GetDouble(),
            "minItems" => kind != JsonValueKind.Array || value.GetArrayLength() >= wanted.GetInt32(),
            "items" => kind != JsonValueKind.Array || value.EnumerateArray().All(item => Accepts(wanted, item)),
            "minProperties" => kind != JsonValueKind.Object || value.EnumerateObject().Count() >= wanted.GetInt32(),
            "maxProperties" => kind != JsonValueKind.Object || value.EnumerateObject().Count() <= wanted.GetInt32(),
            "required" => kind != JsonValueKind.Object || wanted.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
            "properties" => kind != JsonValueKind.Object
                || value.EnumerateObject().All(one => !wanted.TryGetProperty(one.Name, out var part) || Accepts(part, one.Value)),
            "patternProperties" => kind != JsonValueKind.Object
                || value
                    .EnumerateObject()
                    .All(one => wanted.EnumerateObject().All(pattern => !IsMatch(one.Name, pattern) || Accepts(pattern.Value, one.Value))),
            "additionalProperties" when wanted.ValueKind == JsonValueKind.False => kind != JsonValueKind.Object
                || value.EnumerateObject().All(one => IsNamed(schema, one.Name)),
            _ => throw new NotSupportedException($"The schema uses {keyword.Name}."),
        };
    }

    private static bool IsNamed(JsonElement schema, string name) =>
        (schema.TryGetProperty("properties", out var known) && known.TryGetProperty(name, out _))
        || (schema.TryGetProperty("patternProperties", out var patterns) && patterns.EnumerateObject().Any(pattern => IsMatch(name, pattern)));

    private static bool IsMatch(string name, JsonProperty pattern) =>
        Regex.IsMatch(name, pattern.Name, RegexOptions.ECMAScript, TimeSpan.FromSeconds(5));

    private static bool IsA(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && double.IsInteger(value.GetDouble()),
        _ => throw new NotSupportedException($"The schema uses the type {type}."),
    };

    private JsonElement Find(string reference) => reference["#/".Length..].Split('/').Aggregate(root, (at, name) => at.GetProperty(name));
}
