using System.Text.Json;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>The leaf of a filter: a field that exists or equals a value.</summary>
internal sealed record FilterCondition(string Field, string? Value)
{
    public static FilterCondition Read(JsonElement condition)
    {
        if (condition.ValueKind != JsonValueKind.Object || Text(condition, "field") is not { } field)
        {
            throw ApiException.Invalid("a condition needs a field");
        }

        switch (Text(condition, "operator"))
        {
            case "exists":
                return new FilterCondition(field, null);
            case "eq" when condition.TryGetProperty("value", out var value) && value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array):
                return new FilterCondition(field, value.ToString() is "True" or "False" ? value.GetRawText() : value.ToString());
            case "eq":
                throw ApiException.Invalid("eq needs a value");
            default:
                throw ApiException.Invalid("operator must be eq or exists");
        }
    }

    public bool Holds(string? actual) => actual is not null && (Value is null || actual == Value);

    public static string? Text(JsonElement parent, string name)
        => parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
