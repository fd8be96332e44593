using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract;

/// <summary>Makes the rows of records that hold several of them, as the catalog says, before they are stored.</summary>
internal sealed class ArrayExpander
{
    private readonly Resource _resource;

    private ArrayExpander(Resource resource) => _resource = resource;

    /// <summary>Gives null when a record is a row already.</summary>
    public static ArrayExpander? For(Resource resource) =>
        resource is { Explode: null, Unpivot: null, RowIndex: null } ? null : new ArrayExpander(resource);

    /// <summary>The page with rows in place of its records.</summary>
    /// <param name="page">A page as Customer.io sent it.</param>
    /// <param name="before">Rows that the partition had before this page.</param>
    public Page Apply(Page page, long before)
    {
        var rows = new RowBuffer(page.Body.Length, _resource.RowIndex, before);
        for (var i = 0; i < page.Records.Count; i++)
        {
            using var document = JsonDocument.Parse(page.Record(i), RawJson.DocumentOptions);
            Unfold(document.RootElement, rows);
        }

        var made = PageParser.Parse(rows.End(), new PageShape());
        return page with { Body = made.Body, Records = made.Records, Fields = made.Fields, HasLineBreaks = made.HasLineBreaks };
    }

    private void Unfold(JsonElement record, RowBuffer rows)
    {
        if (_resource.Explode is { } path)
        {
            Explode(record, path, rows);
        }
        else if (_resource.Unpivot is { } rule)
        {
            Unpivot(record, rule, rows);
        }
        else
        {
            rows.Begin();
            rows.Add(record);
            rows.EndRow();
        }
    }

    private void Explode(JsonElement record, string path, RowBuffer rows)
    {
        foreach (var entry in Entries(record, path))
        {
            rows.Begin();
            if (entry.ValueKind == JsonValueKind.Object)
            {
                rows.Add(entry);
            }
            else
            {
                rows.Add(path, entry);
            }

            rows.AddOthers(record, path, entry);
            rows.EndRow();
        }
    }

    // A list that is not there at all is an error: under another name it would be lost without a word.
    private IEnumerable<JsonElement> Entries(JsonElement record, string path) =>
        !record.TryGetProperty(path, out var list) ? throw Missing(record, path)
        : list.ValueKind == JsonValueKind.Array ? list.EnumerateArray()
        : list.ValueKind == JsonValueKind.Null ? []
        : throw Missing(record, path);

    private void Unpivot(JsonElement record, UnpivotRule rule, RowBuffer rows)
    {
        var lists = record.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.Array).ToList();
        if (lists.Count == 0 && !record.EnumerateObject().Any(member => member.Value.ValueKind == JsonValueKind.Null))
        {
            throw Missing(record, "a list");
        }

        foreach (var list in lists)
        {
            foreach (var entry in list.Value.EnumerateArray())
            {
                rows.Begin();
                rows.Add(rule.Name, list.Name);
                rows.Add(rule.Value, entry);
                rows.EndRow();
            }
        }
    }

    private SluiceException Missing(JsonElement record, string wanted) =>
        new(
            SluiceErrorKind.Api,
            $"{_resource.Method} {_resource.Path} answered with a record that has no list {wanted}; the keys found are: " +
                $"{string.Join(", ", record.EnumerateObject().Select(member => member.Name))}.",
            "Customer.io may have changed the answer. Nothing was written; please report it with this message.");
}

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
