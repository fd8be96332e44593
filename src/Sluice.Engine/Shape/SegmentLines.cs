using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Engine.Extract.Exports;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Shape;

/// <summary>Reads a segment's records one by one.</summary>
internal static class SegmentLines
{
    private const int LeastBuffer = 256 * 1024;

    /// <summary>Yields each record's bytes, which are valid until the next one is read.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Of(Segment segment) => segment.Csv is { } form ? CsvLines.Of(segment, form) : OfJson(segment);

    private static IEnumerable<ReadOnlyMemory<byte>> OfJson(Segment segment)
    {
        using var file = new FileStream(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        var buffer = new byte[Math.Max(LeastBuffer, segment.LargestRecord + 1)];
        var (filled, left) = (0, segment.Length);
        while (left > 0)
        {
            var read = file.Read(buffer, filled, (int)Math.Min(buffer.Length - filled, left));
            if (read == 0)
            {
                throw new EndOfStreamException($"{segment.Path} is shorter than the manifest says.");
            }

            (filled, left) = (filled + read, left - read);
            var start = 0;
            for (var length = LineEnd(buffer, start, filled); length >= 0; length = LineEnd(buffer, start, filled))
            {
                yield return buffer.AsMemory(start, length);
                start += length + 1;
            }

            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            filled -= start;
        }
    }

    private static int LineEnd(byte[] buffer, int start, int filled) => buffer.AsSpan(start, filled - start).IndexOf((byte)'\n');
}

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

    private static void Write(CsvReader csv, CsvForm form, ArrayBufferWriter<byte> to)
    {
        using var json = new Utf8JsonWriter(to, Lax);
        json.WriteStartObject();
        foreach (var (field, raw) in form.Injected)
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
