using System.Text.Json;
using Sluice.Engine.Catalog;

namespace Sluice.Cli.Output;

/// <summary>The catalog for programs.</summary>
internal static class CatalogJsonView
{
    public static string Write(IReadOnlyList<Resource> resources) => JsonText.Write(writer =>
    {
        writer.WriteStartArray();
        foreach (var resource in resources)
        {
            Write(writer, resource);
        }

        writer.WriteEndArray();
    }) + "\n";

    private static void Write(Utf8JsonWriter writer, Resource resource)
    {
        writer.WriteStartObject();
        writer.WriteString("name", resource.Name);
        writer.WriteBoolean("takes_period", resource.TakesPeriod);
        writer.WriteStartArray("primary_key");
        foreach (var key in resource.PrimaryKey)
        {
            writer.WriteStringValue(key);
        }

        writer.WriteEndArray();
        writer.WriteString("cursor", resource.CursorColumn);
        writer.WriteString("strategy", CatalogWords.Strategy(resource));
        writer.WriteString("doc", resource.Doc);
        writer.WriteString("reference", resource.DocsUrl);
        writer.WriteStartArray("columns");
        foreach (var column in resource.Columns)
        {
            writer.WriteStartObject();
            writer.WriteString("name", column.Name);
            writer.WriteString("type", CatalogWords.Type(column.Type));
            writer.WriteString("doc", column.Doc);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
