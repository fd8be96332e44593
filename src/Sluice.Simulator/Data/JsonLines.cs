using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sluice.Simulator.Data;

/// <summary>Writes rows as newline-delimited JSON through one buffer, so that a million of them need no memory.</summary>
internal static class JsonLines
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static IEnumerable<ReadOnlyMemory<byte>> Of(IEnumerable<Action<Utf8JsonWriter>> rows)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        foreach (var row in rows)
        {
            buffer.ResetWrittenCount();
            using (var writer = new Utf8JsonWriter(buffer, Relaxed))
            {
                row(writer);
            }

            buffer.Write("\n"u8);
            yield return buffer.WrittenMemory;
        }
    }
}
