using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Simulator.Data;

/// <summary>The truth tables of what a workspace's settings hold.</summary>
internal static class TruthOfSettings
{
    public static IEnumerable<Action<Utf8JsonWriter>> CollectionRows(World world)
        => world.Settings.CollectionContents.SelectMany(collection => Rows(collection.Value).Select((row, index) => (Action<Utf8JsonWriter>)(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("collection_id", collection.Key);
            writer.WriteNumber("row_index", index);
            writer.WritePropertyName("row");
            row!.WriteTo(writer);
            writer.WriteEndObject();
        })));

    public static IEnumerable<Action<Utf8JsonWriter>> Snippets(World world)
        => world.Settings.Snippets.Select(snippet => (Action<Utf8JsonWriter>)(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("name", snippet.Key);
            writer.WriteString("value", snippet.Value.Value);
            writer.WriteNumber("updated_at", snippet.Value.Updated);
            writer.WriteEndObject();
        }));

    /// <summary>The four lists of the e-mail provider; no domain is told, as nobody asked for one.</summary>
    public static IEnumerable<Action<Utf8JsonWriter>> Suppressions(World world)
        => Data.Suppressions.Types.SelectMany(type => world.Suppressions.Of(type).Select(entry => (Action<Utf8JsonWriter>)(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("suppression_type", type);
            writer.WriteString("email", entry.Email);
            writer.WriteString("domain", "");
            writer.WriteNumber("created", entry.Created);
            writer.WriteString("reason", "550 5.1.1 \"no such user\"");
            writer.WriteString("status", "550");
            writer.WriteEndObject();
        })));

    private static JsonArray Rows(JsonNode content) => content as JsonArray ?? [content.DeepClone()];
}
