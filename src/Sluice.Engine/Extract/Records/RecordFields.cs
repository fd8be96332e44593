using System.Text.Json;
using Sluice.CustomerIo;

namespace Sluice.Engine.Extract;

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

    /// <summary>Gives a top-level field in unix seconds; null when it is absent or no integer.</summary>
    public static long? TimeOf(ReadOnlyMemory<byte> record, string field)
    {
        var reader = new Utf8JsonReader(record.Span, RawJson.Options);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(field);
            reader.Read();
            if (found)
            {
                return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) ? value : null;
            }

            reader.Skip();
        }

        return null;
    }
}
