using System.Text.Json.Nodes;
using Sluice.Engine.Catalog;
using Sluice.Writes.Operations;

namespace Sluice.Cli.Output;

/// <summary>The catalog for programs.</summary>
internal static class CatalogJsonView
{
    public static string Write(IReadOnlyList<Resource> resources) => JsonOutput.Write(JsonOutput.Array(resources.Select(Json))) + "\n";

    private static JsonObject Json(Resource resource) => new()
    {
        ["name"] = resource.Name,
        ["takes_period"] = resource.TakesPeriod,
        ["primary_key"] = JsonOutput.Array(resource.PrimaryKey),
        ["cursor"] = resource.CursorColumn,
        ["strategy"] = CatalogWords.Strategy(resource),
        ["doc"] = resource.Doc,
        ["reference"] = resource.DocsUrl,
        ["aliases"] = JsonOutput.Array(resource.Aliases),
        ["options"] = JsonOutput.Array(ResourceCatalog.Default.OptionsOf(resource).Select(Json)),
        ["columns"] = JsonOutput.Array(resource.Columns.Select(Json)),
        ["flattened_columns"] = JsonOutput.Array((resource.Flatten?.Columns ?? []).Select(Json)),
        ["writes"] = TableWritesCatalog.Find(resource.Name) is { } writes ? Json(writes) : null,
    };

    private static JsonObject Json(TableWrites writes) => new()
    {
        ["calls"] = JsonOutput.Array(writes.Calls.Select(call => new JsonObject
        {
            ["verb"] = call.Key,
            ["call"] = call.Value.Text,
            ["is_repeatable"] = call.Value.IsRepeatable,
            ["is_destroying"] = call.Value.IsDestroying,
            ["cannot_be_undone"] = call.Value.Undone,
        })),
        ["columns"] = JsonOutput.Array(writes.Fields.Select(field => new JsonObject
        {
            ["name"] = field.Name,
            ["by"] = JsonOutput.Array(field.On),
            ["note"] = field.Limits,
        })),
    };

    private static JsonObject Json(ResourceOption option) => new()
    {
        ["name"] = option.Name,
        ["takes"] = CatalogWords.Takes(option),
        ["many"] = option.Many,
        ["values"] = JsonOutput.Array(option.Values),
        ["doc"] = option.Doc,
    };

    private static JsonObject Json(Column column) => new()
    {
        ["name"] = column.Name,
        ["type"] = CatalogWords.Type(column.Type),
        ["doc"] = column.Doc,
    };
}
