using System.Text.Json;
using Sluice.Simulator.Data;

namespace Sluice.Simulator.AppApi;

/// <summary>Writes the identifiers and the profile of a person.</summary>
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

/// <summary>Writes opt-outs: the presence of an entry means opted out.</summary>
internal static class OptoutJson
{
    public static void Write(Utf8JsonWriter writer, World world, long person, IEnumerable<(string Channel, string From)> entries)
    {
        var key = world.People.KeyOf(person);
        writer.WriteStartObject();
        writer.WriteString("customer_id", key.Id ?? "");
        writer.WriteString("cio_id", key.CioId);
        WriteEntries(writer, entries);
        writer.WriteEndObject();
    }

    public static void WriteEntries(Utf8JsonWriter writer, IEnumerable<(string Channel, string From)> entries)
    {
        writer.WriteStartArray("optouts");
        foreach (var (channel, from) in entries)
        {
            writer.WriteStartObject();
            writer.WriteString("channel", channel);
            writer.WriteString("from", from);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
