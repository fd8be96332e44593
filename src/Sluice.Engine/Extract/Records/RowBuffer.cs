using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Sluice.Engine.Extract;

/// <summary>Writes rows as one JSON array; names and values are copied as they are written, so that numbers keep their digits.</summary>
internal sealed class RowBuffer
{
    private readonly ArrayBufferWriter<byte> _bytes;
    private readonly string? _indexName;
    private long _index;
    private bool _hasRows;
    private bool _hasFields;

    public RowBuffer(int sizeHint, string? indexName, long firstIndex)
    {
        _bytes = new ArrayBufferWriter<byte>(sizeHint + 256);
        (_indexName, _index) = (indexName, firstIndex);
        _bytes.Write("["u8);
    }

    public void Begin()
    {
        _bytes.Write(_hasRows ? ",{"u8 : "{"u8);
        (_hasRows, _hasFields) = (true, false);
        if (_indexName is not null)
        {
            Name(_indexName);
            _bytes.Write(Encoding.ASCII.GetBytes(_index.ToString(CultureInfo.InvariantCulture)));
        }
    }

    public void EndRow()
    {
        _bytes.Write("}"u8);
        _index++;
    }

    public ReadOnlyMemory<byte> End()
    {
        _bytes.Write("]"u8);
        return _bytes.WrittenMemory;
    }

    /// <summary>Adds all fields of an object.</summary>
    public void Add(JsonElement record)
    {
        foreach (var member in record.EnumerateObject())
        {
            Copy(member);
        }
    }

    /// <summary>Adds the fields of an object but one, and but those that another object has.</summary>
    public void AddOthers(JsonElement record, string but, JsonElement shown)
    {
        foreach (var member in record.EnumerateObject())
        {
            if (!member.NameEquals(but) && (shown.ValueKind != JsonValueKind.Object || !shown.TryGetProperty(member.Name, out _)))
            {
                Copy(member);
            }
        }
    }

    public void Add(string name, JsonElement value)
    {
        Name(name);
        _bytes.Write(JsonMarshal.GetRawUtf8Value(value));
    }

    public void Add(string name, string value)
    {
        Name(name);
        _bytes.Write(EngineJson.QuoteUtf8(value));
    }

    private void Copy(JsonProperty member)
    {
        Separate();
        _bytes.Write("\""u8);
        _bytes.Write(JsonMarshal.GetRawUtf8PropertyName(member));
        _bytes.Write("\":"u8);
        _bytes.Write(JsonMarshal.GetRawUtf8Value(member.Value));
    }

    private void Name(string name)
    {
        Separate();
        _bytes.Write(EngineJson.QuoteUtf8(name));
        _bytes.Write(":"u8);
    }

    private void Separate()
    {
        if (_hasFields)
        {
            _bytes.Write(","u8);
        }

        _hasFields = true;
    }
}
