using System.Buffers;
using System.Text.Json;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Webhooks;

/// <summary>Writes records to a file of lines, which is loaded as those that are read are; only its owner can read it.</summary>
internal sealed class LineFile : IDisposable
{
    private readonly ArrayBufferWriter<byte> _line = new(1024);
    private readonly Utf8JsonWriter _json;
    private readonly FileStream _file;
    private readonly Segment _segment;

    public LineFile(string folder, int number, string loadId)
    {
        _segment = new Segment(number, Segment.PathIn(folder, number), $"{loadId}/{number}");
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 1 << 16 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        _file = new FileStream(_segment.Path, options);
        _json = new Utf8JsonWriter(_line, new JsonWriterOptions { SkipValidation = true });
    }

    public long Records => _segment.Rows;

    /// <summary>Begins a record.</summary>
    public void Begin() => _json.WriteStartObject();

    /// <summary>A value that Sluice itself writes in front of a record.</summary>
    public void Inject(string field, string value) => _json.WriteString(field, value);

    /// <summary>A text.</summary>
    public void Text(string field, string value)
    {
        _json.WriteString(field, value);
        Note(field, JsonKinds.Text);
    }

    /// <summary>An object of numbers.</summary>
    public void Numbers(string field, IEnumerable<KeyValuePair<string, long>> values)
    {
        _json.WriteStartObject(field);
        foreach (var (name, value) in values)
        {
            _json.WriteNumber(name, value);
        }

        _json.WriteEndObject();
        Note(field, JsonKinds.Object);
    }

    /// <summary>An object of members as they came.</summary>
    public void Members(string field, IEnumerable<JsonProperty> members)
    {
        _json.WriteStartObject(field);
        foreach (var member in members)
        {
            member.WriteTo(_json);
        }

        _json.WriteEndObject();

        // Numbers with many digits may be in it: it is read with care.
        Note(field, JsonKinds.Object | JsonKinds.BigNumberInside);
    }

    /// <summary>A value as it came, in the form that its column has where that changes nothing: an id may come as a number or as text.</summary>
    public void Raw(string field, ReadOnlySpan<byte> raw, ColumnType type)
    {
        if (RawJson.IsNumber(raw) && type == ColumnType.Text)
        {
            _json.WriteString(field, raw);
            Note(field, JsonKinds.Text);
            return;
        }

        var digits = raw.Length > 2 && RawJson.IsString(raw) && type is ColumnType.Bigint or ColumnType.UnixTime ? raw[1..^1] : raw;
        var kind = JsonKind.Of(IsNumber(digits) ? digits : raw);
        _json.WritePropertyName(field);
        _json.WriteRawValue(InOneLine(IsNumber(digits) ? digits : raw), skipInputValidation: true);
        Note(field, kind);
    }

    /// <summary>Ends the record.</summary>
    public void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        _line.GetSpan(1)[0] = (byte)'\n';
        _line.Advance(1);
        _file.Write(_line.WrittenSpan);
        _segment.Rows++;
        _segment.LargestRecord = Math.Max(_segment.LargestRecord, _line.WrittenCount);
        _segment.Length += _line.WrittenCount;
        _line.ResetWrittenCount();
        _json.Reset();
    }

    /// <summary>The file, complete.</summary>
    public Segment Close()
    {
        _file.Dispose();
        return _segment;
    }

    public void Dispose()
    {
        _json.Dispose();
        _file.Dispose();
    }

    // Anything else than plain digits is left to the reading with care: 1e3 is a number, too.
    private static bool IsNumber(ReadOnlySpan<byte> digits) =>
        digits.Length is > 0 and < 16 && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') && (digits.Length == 1 || digits[0] != (byte)'0');

    // Line breaks stand between tokens only: in a text they are escaped.
    private static ReadOnlySpan<byte> InOneLine(ReadOnlySpan<byte> raw)
    {
        if (!raw.ContainsAny((byte)'\n', (byte)'\r'))
        {
            return raw;
        }

        var line = raw.ToArray();
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        return line;
    }

    private void Note(string field, JsonKinds kind) => _segment.Fields.Add(field, kind);
}
