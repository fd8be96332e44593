using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.CustomerIo;

namespace Sluice.Engine.Shape;

/// <summary>JSON values as the bytes that were sent; numbers keep their digits.</summary>
internal static class RawJson
{
    public static JsonReaderOptions Options => new() { MaxDepth = JsonLimits.MaxDepth };

    public static bool IsString(ReadOnlySpan<byte> raw) => raw[0] == (byte)'"';

    public static bool IsNull(ReadOnlySpan<byte> raw) => raw[0] == (byte)'n';

    public static bool IsNumber(ReadOnlySpan<byte> raw) => raw[0] is (byte)'-' or (>= (byte)'0' and <= (byte)'9');

    /// <summary>A string's content, or the JSON of anything else; a string with half of a surrogate pair, which no text can hold, stays JSON.</summary>
    public static string Text(ReadOnlySpan<byte> raw) => TryText(raw, out var text) ? text : Encoding.UTF8.GetString(raw);

    /// <summary>Gives a string's content, if the value is a string whose surrogate pairs are whole.</summary>
    public static bool TryText(ReadOnlySpan<byte> raw, out string text)
    {
        text = "";
        if (!IsString(raw) || !HasWholePairs(raw))
        {
            return false;
        }

        var reader = new Utf8JsonReader(raw, Options);
        reader.Read();
        text = reader.GetString()!;
        return true;
    }

    /// <summary>Copies a value without the space between its tokens; false if some text in it has half of a surrogate pair.</summary>
    public static bool TryCopy(ReadOnlySpan<byte> raw, IBufferWriter<byte> to)
    {
        var reader = new Utf8JsonReader(raw, Options);
        var needsComma = false;
        while (reader.Read())
        {
            var isEnd = reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray;
            if (needsComma && !isEnd)
            {
                to.Write(","u8);
            }

            if (!TryCopyToken(ref reader, to))
            {
                return false;
            }

            needsComma = reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.PropertyName);
        }

        return true;
    }

    private static bool TryCopyToken(ref Utf8JsonReader reader, IBufferWriter<byte> to)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
        {
            to.Write(reader.ValueSpan);
            return true;
        }

        to.Write("\""u8);
        to.Write(reader.ValueSpan);
        to.Write(reader.TokenType == JsonTokenType.PropertyName ? "\":"u8 : "\""u8);
        return !reader.ValueIsEscaped || HasWholePairs(reader.ValueSpan);
    }

    // JSON may escape either half of a pair by itself; UTF-8, and so DuckDB, knows only whole characters.
    private static bool HasWholePairs(ReadOnlySpan<byte> escaped)
    {
        var expectsLow = false;
        for (var at = 0; at < escaped.Length; at++)
        {
            var unit = escaped[at] == (byte)'\\' && escaped[at + 1] == (byte)'u' ? Unit(escaped.Slice(at + 2, 4)) : 0;
            if (char.IsLowSurrogate((char)unit) != expectsLow)
            {
                return false;
            }

            expectsLow = char.IsHighSurrogate((char)unit);
            at += escaped[at] != (byte)'\\' ? 0 : escaped[at + 1] == (byte)'u' ? 5 : 1;
        }

        return !expectsLow;
    }

    private static int Unit(ReadOnlySpan<byte> hex) => Convert.ToUInt16(Encoding.ASCII.GetString(hex), 16);
}

/// <summary>RFC 6901 pointers: unlike JSONPath they can name any key, whatever stands in it, and they tell case.</summary>
internal static class JsonPointer
{
    public static string Of(IEnumerable<string> keys) =>
        string.Concat(keys.Select(key => "/" + key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)));
}
