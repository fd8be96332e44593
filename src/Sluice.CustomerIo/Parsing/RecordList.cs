using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
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

/// <summary>
/// Fields by their UTF-8 names, without allocating for a name that is known. Records mostly list their fields in the same order, so the field
/// after the last one found is tried first; a small open-addressed hash table serves the rest.
/// </summary>
internal sealed class FieldTable
{
    private readonly List<Field> _fields = [];
    private int[] _slots = new int[64];
    private int _expected;

    public int Count => _fields.Count;

    public IReadOnlyList<Field> Fields => _fields;

    public void Rewind() => _expected = 0;

    public Field Get(ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<Field> fields = CollectionsMarshal.AsSpan(_fields);
        if ((uint)_expected < (uint)fields.Length && name.SequenceEqual(fields[_expected].Utf8))
        {
            return fields[_expected++];
        }

        int slot = SlotOf(name);
        if (_slots[slot] == 0)
        {
            Insert(slot, name);
        }

        _expected = _slots[slot];
        Field found = _fields[_expected - 1];
        GrowIfNeeded();
        return found;
    }

    public Field? Find(ReadOnlySpan<byte> name) => _slots[SlotOf(name)] is > 0 and var position ? _fields[position - 1] : null;

    private void Insert(int slot, ReadOnlySpan<byte> name)
    {
        _fields.Add(new Field(name.ToArray()));
        _slots[slot] = _fields.Count;
    }

    private void GrowIfNeeded()
    {
        if (_fields.Count * 2 <= _slots.Length)
        {
            return;
        }

        _slots = new int[_slots.Length * 2];
        for (int i = 0; i < _fields.Count; i++)
        {
            _slots[SlotOf(_fields[i].Utf8)] = i + 1;
        }
    }

    // The slot that holds the name, or the free one where it belongs; slots hold positions counted from 1.
    private int SlotOf(ReadOnlySpan<byte> name)
    {
        int mask = _slots.Length - 1;
        int slot = (int)Hash(name) & mask;
        while (_slots[slot] is > 0 and var position && !name.SequenceEqual(_fields[position - 1].Utf8))
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private static uint Hash(ReadOnlySpan<byte> name)
    {
        const ulong Prime = 0x9E3779B97F4A7C15;
        ulong hash = (ulong)name.Length * Prime;
        while (name.Length >= 8)
        {
            hash = (ulong.RotateLeft(hash, 23) ^ BinaryPrimitives.ReadUInt64LittleEndian(name)) * Prime;
            name = name[8..];
        }

        foreach (byte letter in name)
        {
            hash = (ulong.RotateLeft(hash, 9) ^ letter) * Prime;
        }

        return (uint)(hash >> 32);
    }
}

internal sealed class Field(byte[] utf8)
{
    private string? _name;

    public byte[] Utf8 { get; } = utf8;

    public string Name => _name ??= Encoding.UTF8.GetString(Utf8);

    public JsonKinds Kinds { get; set; }

    public long LastRecord { get; set; }
}
