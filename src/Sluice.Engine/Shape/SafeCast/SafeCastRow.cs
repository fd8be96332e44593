using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Engine.Extract;

namespace Sluice.Engine.Shape.SafeCast;

/// <summary>Writes a record as an object of strings by column index, with the record's key and rejects if it has any.</summary>
internal sealed class SafeCastRow : IDisposable
{
    /// <summary>The name of the record's key.</summary>
    public const string KeyName = "_sluice_key";

    /// <summary>The name of the rejected values.</summary>
    public const string RejectsName = "_sluice_rejected";

    // As little escaping as JSON allows: only DuckDB reads it.
    private static readonly JsonWriterOptions Lax = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SafeCastPlan _plan;
    private readonly SafeCastRecord _record;
    private readonly bool[] _kept;
    private readonly Utf8JsonWriter _json;
    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly List<(string Column, string Raw)> _rejects = [];

    public SafeCastRow(SafeCastPlan plan, IBufferWriter<byte> to)
    {
        _plan = plan;
        _record = new SafeCastRecord(plan);
        _kept = [.. plan.Columns.Select(column => plan.Options.Keeps(column.Name))];
        _json = new Utf8JsonWriter(to, Lax);
    }

    /// <summary>Values rejected so far.</summary>
    public long Rejected { get; private set; }

    public static string NameOf(int place) => place.ToString(CultureInfo.InvariantCulture);

    public void Write(ReadOnlyMemory<byte> line)
    {
        _record.Read(line);
        _rejects.Clear();
        _json.WriteStartObject();
        for (var place = 0; place < _plan.Columns.Count; place++)
        {
            WriteColumn(place, _plan.Columns[place]);
        }

        foreach (var (field, raw) in _record.Lost)
        {
            RejectField(field, raw.Span);
        }

        if (_rejects.Count > 0)
        {
            WriteRejects();
        }

        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
    }

    public void Dispose() => _json.Dispose();

    private void WriteColumn(int place, TableColumn column)
    {
        _text.ResetWrittenCount();
        var result = column.Origin == ColumnOrigin.Extra ? CollectExtras() : Convert(place, column);
        if (result == CastResult.Kept)
        {
            _json.WriteString(NameOf(place), _text.WrittenSpan);
        }
    }

    private CastResult Convert(int place, TableColumn column)
    {
        var raw = _record.Of(column);
        var result = raw.IsEmpty ? CastResult.Nothing : SafeCastValue.Write(column, raw, _text);
        if (result == CastResult.Rejected && _kept[place])
        {
            Reject(column.Name, RawJson.Text(raw));
        }

        return result;
    }

    private CastResult CollectExtras()
    {
        var extra = new ArrayBufferWriter<byte>();
        foreach (var (field, raw) in _record.Extras.Where(extra => !RawJson.IsNull(extra.Raw.Span)))
        {
            extra.ResetWrittenCount();
            if (!RawJson.TryCopy(raw.Span, extra))
            {
                RejectField(field, raw.Span);
                continue;
            }

            _text.Write(_text.WrittenCount == 0 ? "{"u8 : ","u8);
            WriteName(field, _text);
            _text.Write(extra.WrittenSpan);
        }

        _text.Write(_text.WrittenCount == 0 ? ""u8 : "}"u8);
        return _text.WrittenCount == 0 ? CastResult.Nothing : CastResult.Kept;
    }

    // A rejected value of the column for extra fields is reported with its field's name.
    private void RejectField(string field, ReadOnlySpan<byte> raw)
    {
        if (_plan.ColumnOf(field) is not { } column)
        {
            return;
        }

        var told = RawJson.Text(raw);
        if (_plan.Extras.Contains(field))
        {
            var named = new ArrayBufferWriter<byte>();
            named.Write("{"u8);
            WriteName(field, named);
            named.Write(raw);
            named.Write("}"u8);
            told = Encoding.UTF8.GetString(named.WrittenSpan);
        }

        Reject(column, told);
    }

    private void Reject(string column, string raw)
    {
        _rejects.Add((column, raw));
        Rejected++;
    }

    private void WriteRejects()
    {
        _json.WriteString(KeyName, Key());
        _json.WriteStartArray(RejectsName);
        foreach (var (column, raw) in _rejects)
        {
            _json.WriteStartObject();
            _json.WriteString("c", column);
            _json.WriteString("v", raw);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private byte[] Key()
    {
        var key = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(key, Lax);
        json.WriteStartObject();
        foreach (var column in _plan.Columns.Where(column => _plan.Options.PrimaryKey.Contains(column.Name, StringComparer.Ordinal)))
        {
            var raw = _record.Of(column);
            json.WriteString(column.Name, raw.IsEmpty ? null : RawJson.Text(raw));
        }

        json.WriteEndObject();
        json.Flush();
        return key.WrittenSpan.ToArray();
    }

    private static void WriteName(string field, ArrayBufferWriter<byte> to)
    {
        to.Write("\""u8);
        to.Write(JsonEncodedText.Encode(field, Lax.Encoder).EncodedUtf8Bytes);
        to.Write("\":"u8);
    }
}
