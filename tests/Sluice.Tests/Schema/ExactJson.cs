using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Sluice.Tests.Schema;

/// <summary>Compares JSON values: numbers by their exact decimal value, objects without regard to order.</summary>
internal static class ExactJson
{
    public static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1000 });
        return document.RootElement.Clone();
    }

    public static bool IsJson(string text)
    {
        try
        {
            Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public static bool Same(JsonElement one, JsonElement other) =>
        one.ValueKind == other.ValueKind
        && one.ValueKind switch
        {
            JsonValueKind.Number => SameNumber(one.GetRawText(), other.GetRawText()),
            JsonValueKind.String => one.GetString() == other.GetString(),
            JsonValueKind.Array => one.GetArrayLength() == other.GetArrayLength()
                && one.EnumerateArray().Zip(other.EnumerateArray()).All(pair => Same(pair.First, pair.Second)),
            JsonValueKind.Object => Properties(one).SequenceEqual(Properties(other))
                && one.EnumerateObject().All(property => Same(property.Value, other.GetProperty(property.Name))),
            _ => true,
        };

    public static bool SameNumber(string one, string other) => Number(one) == Number(other);

    /// <summary>Whether some text in it is no text: half of a surrogate pair.</summary>
    public static bool HasHalfPairs(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => IsHalf(() => value.GetString()),
        JsonValueKind.Array => value.EnumerateArray().Any(HasHalfPairs),
        JsonValueKind.Object => value.EnumerateObject().Any(property => IsHalf(() => property.Name) || HasHalfPairs(property.Value)),
        _ => false,
    };

    private static bool IsHalf(Func<string?> read)
    {
        try
        {
            read();
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private static IEnumerable<string> Properties(JsonElement value) =>
        value.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal);

    // Digits without zeros at their end, and the power of ten they are multiplied by.
    private static (BigInteger Digits, BigInteger Exponent) Number(string text)
    {
        var parts = text.ToUpperInvariant().Split('E');
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var exponent =
            (parts.Length > 1 ? BigInteger.Parse(parts[1], CultureInfo.InvariantCulture) : 0) - (point < 0 ? 0 : parts[0].Length - point - 1);
        var digits = BigInteger.Parse(parts[0].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        while (!digits.IsZero && (digits % 10).IsZero)
        {
            (digits, exponent) = (digits / 10, exponent + 1);
        }

        return (digits, digits.IsZero ? 0 : exponent);
    }
}
