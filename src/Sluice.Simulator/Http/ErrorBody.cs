using System.Globalization;
using System.Text.Json;

namespace Sluice.Simulator.Http;

/// <summary>Writes the body of an error in the endpoint's format.</summary>
internal static class ErrorBody
{
    public static void Write(Utf8JsonWriter writer, ApiException error)
    {
        writer.WriteStartObject();
        if (error.Envelope is ErrorEnvelope.Meta or ErrorEnvelope.MetaList)
        {
            WriteMeta(writer, error);
        }
        else
        {
            writer.WriteStartArray("errors"u8);
            writer.WriteStartObject();
            WriteEntry(writer, error);
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteMeta(Utf8JsonWriter writer, ApiException error)
    {
        writer.WriteStartObject("meta"u8);
        if (error.Envelope == ErrorEnvelope.Meta)
        {
            writer.WriteString("error"u8, error.Message);
        }
        else
        {
            writer.WriteStartArray("errors"u8);
            writer.WriteStringValue(error.Message);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter writer, ApiException error)
    {
        if (error.Envelope == ErrorEnvelope.Track)
        {
            writer.WriteString("reason"u8, "invalid");
            writer.WriteString("field"u8, error.Pointer);
            writer.WriteString("message"u8, error.Message);
            return;
        }

        writer.WriteString("detail"u8, error.Message);
        if (error.Envelope == ErrorEnvelope.Pointer)
        {
            writer.WriteStartObject("source"u8);
            writer.WriteString("pointer"u8, error.Pointer);
            writer.WriteEndObject();
        }

        writer.WriteString("status"u8, error.Status.ToString(CultureInfo.InvariantCulture));
        if (error.Code is { } code)
        {
            writer.WriteString("code"u8, code);
            writer.WriteStartObject("meta"u8);
            writer.WriteEndObject();
        }
    }
}
