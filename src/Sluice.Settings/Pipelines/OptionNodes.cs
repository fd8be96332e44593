using System.Text.Json.Nodes;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines;

/// <summary>Turns the options of a table into words as <c>--option</c> has them; a filter that is written as YAML becomes JSON.</summary>
internal static class OptionNodes
{
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Read(Section? options)
    {
        var words = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var entry in options?.Entries ?? [])
        {
            if (IsUnknown(entry.Value))
            {
                continue;
            }

            words[entry.Name] = entry.Value is YamlMap map
                ? [Json(map)!.ToJsonString()]
                : [.. Section.Items(entry.Value).Select(item => item.Value!)];
        }

        return words;
    }

    private static bool IsUnknown(YamlValue value) => value.IsWrong || value switch
    {
        YamlMap map => map.Entries.Any(entry => IsUnknown(entry.Value)),
        YamlList list => list.Items.Any(IsUnknown),
        _ => value is YamlText { Value: null },
    };

    private static JsonNode? Json(YamlValue value) => value switch
    {
        YamlMap map => new JsonObject(map.Entries.Select(entry => KeyValuePair.Create(entry.Name, Json(entry.Value)))),
        YamlList list => new JsonArray([.. list.Items.Select(Json)]),
        YamlText { IsNull: true } => null,
        YamlText { IsNumber: true } or YamlText { IsSwitch: true } => JsonNode.Parse(((YamlText)value).Raw.ToLowerInvariant()),
        _ => JsonValue.Create(((YamlText)value).Value),
    };
}
