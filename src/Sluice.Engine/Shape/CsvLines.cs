using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Engine.Extract.Exports;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Shape;

/// <summary>The records of a segment of CSV as lines of JSON, for whoever looks at values one by one; fields without a value are left out.</summary>
internal static class CsvLines
{
    // Only our own reader sees it; a value that is no text is written in a way that the validation would refuse.
    private static readonly JsonWriterOptions Lax = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Gives each record's bytes, which are good until the next is asked for.</summary>
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
                CsvText.WriteJson(json, csv.Field(place));
            }
        }

        json.WriteEndObject();
    }
}
