using System.Text.Json;
using System.Text.Unicode;

namespace Sluice.CustomerIo.Parsing;

/// <summary>Goes through a whole body to see that it is valid JSON, and looks for root keys that errors come under.</summary>
internal static class JsonCheck
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    public static JsonReaderOptions Options => new() { MaxDepth = JsonLimits.MaxDepth };

    public static JsonReaderOptions LinesOptions => new() { MaxDepth = JsonLimits.MaxDepth, AllowMultipleValues = true };

    /// <summary>The text without a byte order mark. The JSON reader takes any bytes inside strings, so the encoding is checked here.</summary>
    public static ReadOnlyMemory<byte> Utf8Of(ReadOnlyMemory<byte> body)
    {
        var text = body.Span.StartsWith(ByteOrderMark) ? body[3..] : body;
        return Utf8.IsValid(text.Span) ? text : throw new JsonException("The body is not valid UTF-8.");
    }

    /// <exception cref="JsonException">The text is not valid JSON.</exception>
    public static bool MayReportErrors(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, Options);
        bool found = false;
        while (reader.Read())
        {
            found |= reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && IsErrorKey(ref reader);
        }

        return found;
    }

    /// <summary>Whether a text that is not taken is nested deeper than any that is.</summary>
    public static bool IsTooDeep(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, LinesOptions with { MaxDepth = JsonLimits.MaxDepth + 1 });
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth >= JsonLimits.MaxDepth && reader.TokenType is (JsonTokenType.StartObject or JsonTokenType.StartArray))
                {
                    return true;
                }
            }
        }
        catch (JsonException)
        {
            // Wrong before it is deep.
        }

        return false;
    }

    /// <summary>Looks ahead on a copy of a reader that stands on the root object.</summary>
    public static bool HasErrorKey(Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (IsErrorKey(ref reader))
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    public static bool IsErrorKey(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("errors"u8) || reader.ValueTextEquals("meta"u8);
}
