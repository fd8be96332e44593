using System.Text.Json;
using Sluice.Engine.Catalog;
using Sluice.Engine.Config;

namespace Sluice.Cli.Output;

/// <summary>The catalog for programs.</summary>
internal static class CatalogJsonView
{
    public static string Write(IReadOnlyList<Resource> resources) => JsonOutput.Write(writer =>
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
        Write(writer, "primary_key", resource.PrimaryKey);
        writer.WriteString("cursor", resource.CursorColumn);
        writer.WriteString("strategy", CatalogWords.Strategy(resource));
        writer.WriteString("doc", resource.Doc);
        writer.WriteString("reference", resource.DocsUrl);
        Write(writer, "aliases", resource.Aliases);
        writer.WriteStartArray("options");
        foreach (var option in OptionReader.Known(resource, ResourceCatalog.Default))
        {
            Write(writer, option);
        }

        writer.WriteEndArray();
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

    private static void Write(Utf8JsonWriter writer, ResourceOption option)
    {
        writer.WriteStartObject();
        writer.WriteString("name", option.Name);
        writer.WriteString("takes", CatalogWords.Takes(option));
        writer.WriteBoolean("many", option.Many);
        Write(writer, "values", option.Values);
        writer.WriteString("doc", option.Doc);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
