using System.Text.Json;

namespace Sluice.CustomerIo.Cutting;

internal static class JsonValues
{
    /// <summary>The kind of the value the reader stands on.</summary>
    public static JsonKinds KindOf(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => JsonKinds.Text,
        JsonTokenType.Number => JsonNumber.KindOf(reader.ValueSpan),
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

    /// <summary>Goes to the end of the value the reader stands on; tells what of its inside matters to readers of the whole.</summary>
    public static JsonKinds Skip(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return JsonKinds.None;
        }

        int depth = reader.CurrentDepth;
        JsonKinds inside = JsonKinds.None;
        do
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.Number && JsonNumber.KindOf(reader.ValueSpan) == JsonKinds.BigNumber)
            {
                inside = JsonKinds.BigNumberInside;
            }
        }
        while (depth < reader.CurrentDepth);

        return inside;
    }
}
