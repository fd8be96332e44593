using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Sluice.CustomerIo;

namespace Sluice.Engine.Extract;

/// <summary>JSON values as the original bytes; numbers keep their digits.</summary>
internal static class RawJson
{
    private const int MostExactDigits = 28;

    public static JsonReaderOptions Options => new() { MaxDepth = JsonLimits.MaxDepth };

    public static JsonDocumentOptions DocumentOptions => new() { MaxDepth = JsonLimits.MaxDepth };

    public static bool IsString(ReadOnlySpan<byte> raw) => raw[0] == (byte)'"';

    public static bool IsNull(ReadOnlySpan<byte> raw) => raw[0] == (byte)'n';

    public static bool IsNumber(ReadOnlySpan<byte> raw) => raw[0] is (byte)'-' or (>= (byte)'0' and <= (byte)'9');

    /// <summary>Gives a number without a fraction, however it is spelled: 1700000000, 1700000000.0 and 1.7e9 are the same.</summary>
    public static bool TryWhole(ReadOnlySpan<byte> number, out long whole)
    {
        whole = 0;
        // Longer numbers, and those with a negative exponent, could be rounded.
        if (number.Length > MostExactDigits
            || number.LastIndexOf((byte)'-') > 0
            || !decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            || value is < long.MinValue or > long.MaxValue
            || decimal.Truncate(value) != value)
        {
            return false;
        }

        whole = (long)value;
        return true;
    }

    /// <summary>A string's content, or the JSON of anything else; a string with a lone surrogate, which UTF-8 can't encode, stays JSON.</summary>
    public static string Text(ReadOnlySpan<byte> raw) => TryText(raw, out var text) ? text : Encoding.UTF8.GetString(raw);

    /// <summary>Gives a string's content, if the value is a string without lone surrogates.</summary>
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

    /// <summary>Copies a value without whitespace; false if a string in it has a lone surrogate.</summary>
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

    // JSON can escape a lone surrogate; UTF-8, and so DuckDB, can't encode one.
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

/// <summary>Reads single fields of a record without reading the rest of it.</summary>
internal static class RecordFields
{
    /// <summary>The record's <c>type</c> and <c>name</c>, as far as it has them as text.</summary>
    public static (string? Type, string? Name) TypeAndName(ReadOnlySpan<byte> record)
    {
        var (type, name) = ((string?)null, (string?)null);
        var reader = new Utf8JsonReader(record, RawJson.Options);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isType, isName) = (reader.ValueTextEquals("type"u8), reader.ValueTextEquals("name"u8));
            reader.Read();
            if (
                (isType || isName)
                && reader.TokenType == JsonTokenType.String
                && RawJson.TryText(record[(int)reader.TokenStartIndex..(int)reader.BytesConsumed], out var text))
            {
                (type, name) = isType ? (text, name) : (type, text);
            }

            reader.Skip();
        }

        return (type, name);
    }

    /// <summary>Notes the record's fields and the kinds of their values.</summary>
    public static void AddTo(ReadOnlySpan<byte> record, FieldProfile fields)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(record, RawJson.Options);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            fields.HasRepeatedNames |= !seen.Add(name);
            if (!InjectedColumns.IsInjected(name))
            {
                fields.Add(name, JsonKind.Of(record[start..(int)reader.BytesConsumed]));
            }
        }
    }

    /// <summary>Gives a top-level field in unix seconds; null when it is absent or no integer. The last of equal names counts.</summary>
    public static long? TimeOf(ReadOnlyMemory<byte> record, string field)
    {
        long? time = null;
        var reader = new Utf8JsonReader(record.Span, RawJson.Options);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(field);
            reader.Read();
            if (found)
            {
                time = reader.TokenType == JsonTokenType.Number && RawJson.TryWhole(reader.ValueSpan, out var value) ? value : null;
            }

            reader.Skip();
        }

        return time;
    }
}
