using System.Text.Json;
using Sluice.CustomerIo;
using Sluice.Engine.Shape;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Extract;

/// <summary>Reads of a record what tells which table it belongs to, and which fields it has.</summary>
internal static class RecordKind
{
    /// <summary>The record's <c>type</c> and <c>name</c>, as far as it has them as text.</summary>
    public static (string? Type, string? Name) Of(ReadOnlySpan<byte> record)
    {
        var (type, name) = ((string?)null, (string?)null);
        var reader = new Utf8JsonReader(record, RecordDepth.OfReader);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isType, isName) = (reader.ValueTextEquals("type"u8), reader.ValueTextEquals("name"u8));
            reader.Read();
            if ((isType || isName) && reader.TokenType == JsonTokenType.String && RawJson.TryText(record[(int)reader.TokenStartIndex..(int)reader.BytesConsumed], out var text))
            {
                (type, name) = isType ? (text, name) : (type, text);
            }

            reader.Skip();
        }

        return (type, name);
    }

    /// <summary>Notes the record's fields and the kinds of their values.</summary>
    public static void AddFields(ReadOnlySpan<byte> record, FieldKinds fields)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(record, RecordDepth.OfReader);
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
}
