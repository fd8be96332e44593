using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Sluice.CustomerIo;

namespace Sluice.Engine.Extract.Exports;

/// <summary>
/// Records on their way into a segment: strict CSV with one line end, as many fields as there are columns, and what kinds of values they have.
/// </summary>
internal sealed class CsvChunk
{
    private const int FlushBytes = 256 * 1024;
    private const int MostDigits = 18;

    // A value with bytes that are no UTF-8 is nothing that DuckDB could read at full speed; this kind fits no column, so that it is looked at
    // one by one.
    private const JsonKinds NoText = JsonKinds.Text | JsonKinds.BigNumber;

    private readonly FileStream _file;
    private readonly bool[] _typed;
    private readonly JsonKinds[] _kinds;
    private readonly ArrayBufferWriter<byte> _buffer = new(2 * FlushBytes);
    private long _flushed;
    private int _rows;
    private int _largest;

    private CsvChunk(FileStream file, bool[] typed)
    {
        _file = file;
        _typed = typed;
        _kinds = new JsonKinds[typed.Length];
    }

    public long Length => _flushed + _buffer.WrittenCount;

    public static CsvChunk Begin(string folder, long bytes, bool[] typed)
    {
        WorkFolder.RequireSpace(folder, bytes);
        return new CsvChunk(
            new FileStream(Path.Combine(folder, $"cut-{Guid.NewGuid():N}.csv"), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0),
            typed);
    }

    public void Add(CsvReader record)
    {
        record.RequireFields(_typed.Length);
        var before = _buffer.WrittenCount;
        if (record.IsStrict && record.Count == _typed.Length)
        {
            _buffer.Write(record.Raw);
        }
        else
        {
            Rewrite(record);
        }

        _buffer.Write("\n"u8);
        Notice(record, Utf8.IsValid(record.Raw));
        _rows++;
        _largest = Math.Max(_largest, _buffer.WrittenCount - before);
        if (_buffer.WrittenCount >= FlushBytes)
        {
            Flush();
        }
    }

    /// <summary>Forces the records to disk.</summary>
    public CsvDraft End(string partition, CsvForm form)
    {
        Flush();
        _file.Flush(flushToDisk: true);
        _file.Dispose();
        var fields = new FieldProfile();
        foreach (var (place, field) in form.Header.Index())
        {
            fields.Add(field, _kinds[place]);
        }

        foreach (var (field, raw) in form.Injected)
        {
            fields.Add(field, raw == "null" ? JsonKinds.Null : raw[0] == '"' ? JsonKinds.Text : JsonKinds.Integer);
        }

        return new CsvDraft(partition, _file.Name, form) { Rows = _rows, Length = checked((int)_flushed), LargestRecord = _largest, Fields = fields };
    }

    /// <summary>Removes the file.</summary>
    public void Abandon()
    {
        _file.Dispose();
        File.Delete(_file.Name);
    }

    private void Flush()
    {
        _file.Write(_buffer.WrittenSpan);
        _flushed += _buffer.WrittenCount;
        _buffer.ResetWrittenCount();
    }

    private void Rewrite(CsvReader record)
    {
        for (var place = 0; place < _typed.Length; place++)
        {
            _buffer.Write(place == 0 ? ""u8 : ","u8);
            CsvText.Write(record.Field(place), _buffer);
        }
    }

    private void Notice(CsvReader record, bool isText)
    {
        for (var place = 0; place < _kinds.Length; place++)
        {
            if (record.IsEmpty(place))
            {
                _kinds[place] |= JsonKinds.Null;
            }
            else
            {
                _kinds[place] |=
                    !isText && !Utf8.IsValid(record.Field(place)) ? NoText
                    : _typed[place] ? KindOf(record.Field(place))
                    : JsonKinds.Text;
            }
        }
    }

    // Only what is written as JSON would write it is a number: the rest is looked at with care.
    private static JsonKinds KindOf(ReadOnlySpan<byte> value)
    {
        var digits = value[0] == (byte)'-' ? value[1..] : value;
        return digits.Length is > 0 and <= MostDigits
            && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && (digits[0] != (byte)'0' || value.Length == 1)
                ? JsonNumber.KindOf(value)
            : value.SequenceEqual("true"u8) || value.SequenceEqual("false"u8) ? JsonKinds.Boolean
            : JsonKinds.Text;
    }
}

/// <summary>Writes values as CSV.</summary>
internal static class CsvText
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("\",\r\n"u8);

    public static void Write(ReadOnlySpan<byte> value, IBufferWriter<byte> to)
    {
        if (!value.ContainsAny(Special))
        {
            to.Write(value);
            return;
        }

        to.Write("\""u8);
        for (var quote = value.IndexOf((byte)'"'); quote >= 0; quote = value.IndexOf((byte)'"'))
        {
            to.Write(value[..(quote + 1)]);
            to.Write("\""u8);
            value = value[(quote + 1)..];
        }

        to.Write(value);
        to.Write("\""u8);
    }

    /// <summary>
    /// Writes a value as a JSON text. A byte that is no UTF-8 becomes half of a surrogate pair, which no column takes: so the value ends among the
    /// rejected ones, with all of its bytes to be seen.
    /// </summary>
    public static void WriteJson(Utf8JsonWriter json, ReadOnlySpan<byte> value)
    {
        if (Utf8.IsValid(value))
        {
            json.WriteStringValue(value);
        }
        else
        {
            json.WriteRawValue(Escaped(value), skipInputValidation: true);
        }
    }

    private static string Escaped(ReadOnlySpan<byte> value)
    {
        var text = new StringBuilder("\"");
        while (!value.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(value, out var rune, out var length);
            if (status == OperationStatus.Done)
            {
                text.Append(JsonEncodedText.Encode(rune.ToString(), JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString());
            }
            else
            {
                foreach (var odd in value[..length])
                {
                    text.Append(CultureInfo.InvariantCulture, $"\\udc{odd:x2}");
                }
            }

            value = value[length..];
        }

        return text.Append('"').ToString();
    }
}

/// <summary>Records in a CSV file of their own, without a header line, that is to become a segment.</summary>
/// <param name="Partition">The partition that they belong to.</param>
/// <param name="Path">The file, in the sink's folder; it is moved.</param>
/// <param name="Form">The names of its columns, and what every record has besides.</param>
internal sealed record CsvDraft(string Partition, string Path, CsvForm Form)
{
    public required int Rows { get; init; }

    public required int Length { get; init; }

    public required int LargestRecord { get; init; }

    public required FieldProfile Fields { get; init; }
}

/// <summary>How the CSV of a segment is to be understood.</summary>
/// <param name="Header">The fields in the order of the columns, each once.</param>
/// <param name="Injected">What every record has besides, as raw JSON by field.</param>
internal sealed record CsvForm(
    [property: JsonPropertyName("header")] IReadOnlyList<string> Header,
    [property: JsonPropertyName("stamp")] IReadOnlyDictionary<string, string> Injected)
{
    /// <summary>Whether records have the field.</summary>
    public bool Has(string field) => Injected.ContainsKey(field) || Header.Contains(field, StringComparer.Ordinal);
}
