using System.Buffers;
using System.Text.Json;

namespace Sluice.CustomerIo.Parsing;

/// <summary>Collects the records of one body: their ranges and their profile.</summary>
internal ref struct RecordList
{
    private readonly PageShape _shape;
    private readonly ReadOnlySpan<byte> _body;
    private readonly byte[]? _scalarField;
    private List<RecordRange> _ranges = [];
    private ArrayBufferWriter<byte>? _made;

    public RecordList(PageShape shape, ReadOnlySpan<byte> body)
    {
        _shape = shape;
        _body = body;
        _scalarField = shape.ScalarName is { } name ? [(byte)'"', .. JsonEncodedText.Encode(name).EncodedUtf8Bytes, (byte)'"', (byte)':'] : null;
    }

    public FieldProfile Fields { get; private set; } = new();

    public readonly IReadOnlyList<RecordRange> Ranges => _ranges;

    public readonly int Count => _ranges.Count;

    public readonly ReadOnlyMemory<byte> BodyOr(ReadOnlyMemory<byte> body) => _scalarField is null ? body : _made?.WrittenMemory ?? default;

    public void Clear()
    {
        if (_ranges.Count > 0)
        {
            _ranges = [];
            _made = null;
            Fields = new FieldProfile();
        }
    }

    /// <summary>The object the reader stands on, or the only object inside it if that is a wrapper.</summary>
    public void AddItem(ref Utf8JsonReader reader)
    {
        if (_shape.ItemKey is not { } wrapper || !IsWrapper(reader, wrapper))
        {
            AddObject(ref reader);
            return;
        }

        reader.Read();
        reader.Read();
        AddObject(ref reader);
        reader.Read();
    }

    public void AddObject(ref Utf8JsonReader reader)
    {
        int start = (int)reader.TokenStartIndex;
        FieldProfile fields = Fields;
        fields.BeginRecord();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueIsEscaped)
            {
                NoteEscaped(ref reader, fields);
                continue;
            }

            ReadOnlySpan<byte> name = reader.ValueSpan;
            reader.Read();
            JsonKinds kind = JsonKind.KindOf(ref reader);
            fields.Note(name, kind | JsonKind.Skip(ref reader));
        }

        _ranges.Add(new RecordRange(start, (int)reader.BytesConsumed - start));
    }

    public void AddScalar(ref Utf8JsonReader reader)
    {
        int start = (int)reader.TokenStartIndex;
        JsonKinds kind = JsonKind.KindOf(ref reader);
        kind |= JsonKind.Skip(ref reader);
        ReadOnlySpan<byte> value = _body[start..(int)reader.BytesConsumed];
        _made ??= new ArrayBufferWriter<byte>(_body.Length);
        int offset = _made.WrittenCount;
        _made.Write("{"u8);
        _made.Write(_scalarField);
        _made.Write(value);
        _made.Write("}"u8);
        Fields.BeginRecord();
        Fields.Note(_scalarField.AsSpan()[1..^2], kind);
        _ranges.Add(new RecordRange(offset, _made.WrittenCount - offset));
    }

    // Looks ahead on a copy of the reader: {"customer":{…}} with nothing else in it.
    private static bool IsWrapper(Utf8JsonReader reader, string wrapper)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals(wrapper))
        {
            return false;
        }

        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        reader.Skip();
        reader.Read();
        return reader.TokenType == JsonTokenType.EndObject;
    }

    private static void NoteEscaped(ref Utf8JsonReader reader, FieldProfile fields)
    {
        byte[] name = System.Text.Encoding.UTF8.GetBytes(JsonKind.TextOf(ref reader));
        reader.Read();
        JsonKinds kind = JsonKind.KindOf(ref reader);
        fields.Note(name, kind | JsonKind.Skip(ref reader));
    }
}
