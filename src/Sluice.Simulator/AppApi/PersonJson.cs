using System.Text.Json;
using Sluice.Simulator.Data;

namespace Sluice.Simulator.AppApi;

/// <summary>Writes people: their identifiers and their whole profile.</summary>
internal static class PersonJson
{
    public static void WriteIdentifiers(Utf8JsonWriter writer, PersonKey person)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, person.Id);
        writer.WriteString("email"u8, person.Email);
        writer.WriteString("cio_id"u8, person.CioId);
        writer.WriteEndObject();
    }

    public static void WriteProfile(Utf8JsonWriter writer, World world, long index, string askedFor)
    {
        var profile = world.People.ProfileOf(index);
        writer.WriteStartObject();
        writer.WriteString("id"u8, askedFor);
        writer.WritePropertyName("identifiers"u8);
        WriteIdentifiers(writer, world.People.KeyOf(index));
        writer.WriteStartObject("attributes"u8);
        foreach (var (name, value) in profile.Attributes)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
        writer.WriteStartObject("timestamps"u8);
        foreach (var (name, when) in profile.Timestamps)
        {
            writer.WriteNumber(name, when);
        }

        writer.WriteEndObject();
        writer.WriteBoolean("unsubscribed"u8, profile.Unsubscribed);
        writer.WriteStartArray("devices"u8);
        foreach (var device in profile.Devices)
        {
            WriteDevice(writer, device);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteDevice(Utf8JsonWriter writer, Device device)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, device.Token);
        writer.WriteString("platform"u8, device.Platform);
        writer.WriteNumber("last_used"u8, device.LastUsed);
        writer.WriteStartObject("attributes"u8);
        foreach (var (name, value) in device.Attributes)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
