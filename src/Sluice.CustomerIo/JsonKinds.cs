using System.Text.Json;
using Sluice.CustomerIo.Parsing;

namespace Sluice.CustomerIo;

/// <summary>The kinds of JSON value that were seen for a field; a set, because an API may answer 7 today and "7" tomorrow.</summary>
[Flags]
public enum JsonKinds : ushort
{
    /// <summary>Nothing was seen.</summary>
    None = 0,

    /// <summary>A JSON null.</summary>
    Null = 1,

    /// <summary>true or false.</summary>
    Boolean = 2,

    /// <summary>A number written without fraction or exponent, at most 2^53 from zero: a double holds it, too.</summary>
    Integer = 4,

    /// <summary>A number that neither a signed 64-bit integer nor a double gives back as it was written.</summary>
    BigNumber = 8,

    /// <summary>A number written with a fraction or an exponent that a double gives back with the same value.</summary>
    Fraction = 16,

    /// <summary>A string.</summary>
    Text = 32,

    /// <summary>A nested object.</summary>
    Object = 64,

    /// <summary>A nested array.</summary>
    Array = 128,

    /// <summary>A number written without fraction or exponent, more than 2^53 from zero, that fits a signed 64-bit integer.</summary>
    LongInteger = 256,

    /// <summary>Beside an object or array: somewhere in it stands a <see cref="BigNumber"/>.</summary>
    BigNumberInside = 512,
}

/// <summary>Tells the kind of a JSON value.</summary>
public static class JsonKind
{
    /// <summary>The kind of a whole, valid value.</summary>
    /// <exception cref="JsonException">The text is not valid JSON.</exception>
    public static JsonKinds Of(ReadOnlySpan<byte> utf8Value)
    {
        var reader = new Utf8JsonReader(utf8Value, JsonCheck.Options);
        reader.Read();
        return KindOf(ref reader) | Skip(ref reader);
    }

    /// <summary>The kind of the value the reader stands on.</summary>
    internal static JsonKinds KindOf(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => JsonKinds.Text,
        JsonTokenType.Number => JsonNumber.KindOf(reader.ValueSpan),
        JsonTokenType.Null => JsonKinds.Null,
        JsonTokenType.True or JsonTokenType.False => JsonKinds.Boolean,
        JsonTokenType.StartObject => JsonKinds.Object,
        _ => JsonKinds.Array,
    };

    /// <summary>The string the reader stands on; a lone surrogate in it, valid JSON but no text, makes it as unusable as a syntax error.</summary>
    internal static string TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            throw new JsonException("A key or cursor holds half of a surrogate pair.", error);
        }
    }

    /// <summary>Goes to the end of the value the reader stands on; tells what of its inside matters to readers of the whole.</summary>
    internal static JsonKinds Skip(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return JsonKinds.None;
        }

        var depth = reader.CurrentDepth;
        var inside = JsonKinds.None;
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
