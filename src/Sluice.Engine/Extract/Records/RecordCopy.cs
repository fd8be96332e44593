using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Engine.Masking;

namespace Sluice.Engine.Extract;

/// <summary>
/// Copies one record: values that are to be hidden are replaced, everything between them stays as it is written, so that numbers keep their
/// digits, repeated names stay repeated, and what an escape stands for is nobody's affair.
/// </summary>
internal ref struct RecordCopy
{
    private readonly ReadOnlySpan<byte> _record;
    private readonly MaskRules _rules;
    private readonly HashSet<string> _urlFields;
    private readonly ArrayBufferWriter<byte> _copy;
    private Utf8JsonReader _reader;
    private int _copied;

    public RecordCopy(ReadOnlySpan<byte> record, MaskRules rules, HashSet<string> urlFields)
    {
        _record = record;
        _rules = rules;
        _urlFields = urlFields;
        _copy = new ArrayBufferWriter<byte>(record.Length + 256);
        _reader = new Utf8JsonReader(record, RawJson.Options);
    }

    public ReadOnlySpan<byte> Run()
    {
        _reader.Read();
        Value(_rules.Root, isUrl: false);
        _copy.Write(_record[_copied..]);
        return _copy.WrittenSpan;
    }

    private void Value(MaskStep place, bool isUrl)
    {
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                Fields(place);
                break;
            case JsonTokenType.StartArray:
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
                {
                    Value(place, isUrl: false);
                }

                break;
            case JsonTokenType.Null:
                break;
            default:
                Scalar(place.Mask, isUrl && _reader.TokenType == JsonTokenType.String);
                break;
        }
    }

    private void Fields(MaskStep place)
    {
        var isTop = _reader.CurrentDepth == 0;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Text();
            _reader.Read();
            Value(_rules.Into(place, name), isTop && _urlFields.Contains(name));
        }
    }

    private void Scalar(Mask? mask, bool isUrl)
    {
        if (mask is null && !isUrl)
        {
            return;
        }

        // Secrets go first: a mask may show a part of what it is given.
        var text = isUrl ? RecordRewriter.RedactUrl(Text()) : Text();
        Replace(mask is null ? text : _rules.MaskSet.Apply(mask, text));
    }

    private void Replace(string text)
    {
        var start = (int)_reader.TokenStartIndex;
        _copy.Write(_record[_copied..start]);
        _copy.Write(EngineJson.QuoteUtf8(text));
        _copied = (int)_reader.BytesConsumed;
    }

    // Numbers, true and false are taken as they are written. So is half of a surrogate pair, which is valid JSON but no text.
    private readonly string Text()
    {
        try
        {
            return _reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName
                ? _reader.GetString()!
                : Encoding.UTF8.GetString(_reader.ValueSpan);
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(_reader.ValueSpan);
        }
    }
}
