using System.Text.Json;

namespace Sluice.Simulator.AppApi;

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
