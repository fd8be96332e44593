using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Shape;

/// <summary>The records of a CSV segment as lines of JSON for the safe cast; fields without a value are omitted.</summary>
internal static class CsvLines
{
    // Only our own parser reads it; a value that is not valid text is written in a way that the writer's validation would reject.
    private static readonly JsonWriterOptions Lax = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Yields each record's bytes, which are valid until the next one is read.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Of(Segment segment, CsvForm form)
    {
        using var file = new FileStream(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        var csv = new CsvReader(file);
        var line = new ArrayBufferWriter<byte>();
        while (csv.Read())
        {
            line.ResetWrittenCount();
            Write(csv, form, line);
            yield return line.WrittenMemory;
        }
    }

    /// <summary>
    /// Writes a value as a JSON string. A byte that is not UTF-8 becomes a lone surrogate, which no column accepts, so that the value is rejected
    /// with all its bytes.
    /// </summary>
    public static void WriteValue(Utf8JsonWriter json, ReadOnlySpan<byte> value)
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

    private static void Write(CsvReader csv, CsvForm form, ArrayBufferWriter<byte> to)
    {
        using var json = new Utf8JsonWriter(to, Lax);
        json.WriteStartObject();
        foreach (var (field, raw) in form.Stamp)
        {
            json.WritePropertyName(field);
            json.WriteRawValue(raw);
        }

        for (var place = 0; place < form.Header.Count; place++)
        {
            if (!csv.IsEmpty(place))
            {
                json.WritePropertyName(form.Header[place]);
                WriteValue(json, csv.Field(place));
            }
        }

        json.WriteEndObject();
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
