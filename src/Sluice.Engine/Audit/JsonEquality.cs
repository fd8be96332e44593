using System.Text.Json;
using Sluice.CustomerIo;

namespace Sluice.Engine.Audit;

/// <summary>Compares JSON by value: destinations with a JSON type change whitespace and the order of keys.</summary>
internal static class JsonEquality
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = JsonLimits.MaxDepth };

    public static bool IsSame(string left, string right)
    {
        if (string.Equals(left, right, StringComparison.Ordinal))
        {
            return true;
        }

        try
        {
            using var one = JsonDocument.Parse(left, Options);
            using var other = JsonDocument.Parse(right, Options);
            return IsSame(one.RootElement, other.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Text that is not JSON, and names with a lone surrogate, are only equal if identical.
            return false;
        }
    }

    private static bool IsSame(JsonElement left, JsonElement right) =>
        (left.ValueKind, right.ValueKind) switch
        {
            (JsonValueKind.Object, JsonValueKind.Object) => IsSame(Keys(left), Keys(right)),
            (JsonValueKind.Array, JsonValueKind.Array) => left.GetArrayLength() == right.GetArrayLength()
                && left.EnumerateArray().Zip(right.EnumerateArray()).All(pair => IsSame(pair.First, pair.Second)),
            _ => JsonElement.DeepEquals(left, right),
        };

    private static bool IsSame(Dictionary<string, JsonElement> left, Dictionary<string, JsonElement> right) =>
        left.Count == right.Count && left.All(key => right.TryGetValue(key.Key, out var value) && IsSame(key.Value, value));

    // The last of duplicate keys wins, as everywhere.
    private static Dictionary<string, JsonElement> Keys(JsonElement value)
    {
        var keys = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var key in value.EnumerateObject())
        {
            keys[key.Name] = key.Value;
        }

        return keys;
    }
}
