using System.Text.Json;

namespace Sluice.CustomerIo.Cutting;

internal static class JsonValues
{
    private const int DigitsThatAlwaysFit = 18;

    /// <summary>The kind of the value the reader stands on.</summary>
    public static JsonKinds KindOf(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => JsonKinds.Text,
        JsonTokenType.Number => KindOfNumber(ref reader),
        JsonTokenType.Null => JsonKinds.Null,
        JsonTokenType.True or JsonTokenType.False => JsonKinds.Boolean,
        JsonTokenType.StartObject => JsonKinds.Object,
        _ => JsonKinds.Array,
    };

    /// <summary>The string the reader stands on; a lone surrogate in it, valid JSON but no text, makes it as unusable as a syntax error.</summary>
    public static string TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("A key or cursor holds half of a surrogate pair.", e);
        }
    }

    private static JsonKinds KindOfNumber(ref Utf8JsonReader reader)
    {
        ReadOnlySpan<byte> digits = reader.ValueSpan;
        if (digits.ContainsAny((byte)'.', (byte)'e', (byte)'E'))
        {
            return JsonKinds.Fraction;
        }

        return digits.Length <= DigitsThatAlwaysFit || reader.TryGetInt64(out _) ? JsonKinds.Integer : JsonKinds.BigNumber;
    }
}
