using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract;

/// <summary>
/// Writes the members of a record's object beside its own fields, so that they become columns as any field does. The object itself stays.
/// </summary>
internal sealed class RecordFlattener(Flattening flattening)
{
    // As lax as JSON allows: only DuckDB reads it.
    private static readonly JavaScriptEncoder Lax = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private readonly ArrayBufferWriter<byte> _row = new();
    private readonly OrderedDictionary<string, Range> _members = new(StringComparer.Ordinal);

    /// <summary>The record with the members beside the fields; good until the next one, as a flattener serves one caller at a time.</summary>
    public ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> record, FieldProfile fields)
    {
        _row.ResetWrittenCount();
        _members.Clear();
        _row.Write(record[..record.LastIndexOf((byte)'}')]);
        var reader = new Utf8JsonReader(record, RawJson.Options);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isWanted = reader.ValueTextEquals(flattening.Rule.Field);
            reader.Read();
            if (isWanted)
            {
                _members.Clear();
            }

            if (isWanted && reader.TokenType == JsonTokenType.StartObject)
            {
                Members(record, ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        foreach (var (name, value) in _members)
        {
            Write(name, record[value], fields);
        }

        _row.Write("}"u8);
        return _row.WrittenSpan;
    }

    // A name with half of a surrogate pair can be no column's; its value stays where it is, in the object. So does all but the last of a name
    // that comes twice.
    private void Members(ReadOnlySpan<byte> record, ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isText = RawJson.TryText(
                record[(int)reader.TokenStartIndex..(int)(reader.TokenStartIndex + reader.ValueSpan.Length + 2)], out var name);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isText && flattening.Takes(name))
            {
                _members[name] = start..(int)reader.BytesConsumed;
            }
        }
    }

    private void Write(string member, ReadOnlySpan<byte> value, FieldProfile fields)
    {
        var field = flattening.FieldOf(member);
        _row.Write(",\""u8);
        _row.Write(JsonEncodedText.Encode(field, Lax).EncodedUtf8Bytes);
        _row.Write("\":"u8);
        _row.Write(value);
        fields.Add(field, JsonKind.Of(value));
    }
}
