using System.Text.Json.Nodes;
using Sluice.Engine;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines;

/// <summary>Turns what a section of the file says into the words that commands have for the same settings.</summary>
internal static class TableWords
{
    /// <summary>What leaves a column out.</summary>
    public const string Drop = "drop";

    /// <summary>All that a section says of an ingest.</summary>
    public static SettingWords Of(Section section, IEnumerable<Setting> settings)
    {
        var words = new SettingWords();
        foreach (var setting in settings)
        {
            var said = section.Value(setting.Name) is not { } value ? []
                : setting.Words?.Invoke(value) ?? Section.Items(value).Select(item => (setting.Key, item.Value!));
            foreach (var (option, word) in said)
            {
                words.Say(option, word);
            }
        }

        return words;
    }

    /// <summary>The options of a table as <c>--option</c> has them; a filter that is written as YAML becomes JSON.</summary>
    public static IEnumerable<(SettingKey Option, string Word)> OfOptions(YamlValue options) =>
        from entry in Entries(options)
        where !IsUnknown(entry.Value)
        from word in entry.Value is YamlMap map ? [Json(map)!.ToJsonString()] : Section.Items(entry.Value).Select(item => item.Value!)
        select (IngestSettings.Options, $"{entry.Name}={word}");

    /// <summary>Each column as the options have it that choose, retype, rename, mask or drop columns.</summary>
    public static IEnumerable<(SettingKey Option, string Word)> OfColumns(YamlValue columns)
    {
        foreach (var column in Columns(columns))
        {
            if (column.IsDropped)
            {
                yield return (IngestSettings.ExcludeColumns, column.Name);
            }

            if (column.Type is { } type)
            {
                yield return (IngestSettings.Columns, $"{column.Name}:{type}");
            }

            if (column.Text("rename") is { } name)
            {
                yield return (IngestSettings.Rename, $"{column.Name}={name}");
            }

            if (column.Text("mask") is { } method)
            {
                yield return (IngestSettings.Mask, $"{column.Name}:{method}");
            }
        }
    }

    /// <summary>Checks what a table says twice, in ways that only the file has.</summary>
    public static void Check(Section table, PipelineErrors mistakes)
    {
        var only = table.Texts("only").Select(GivenName.Of).ToList();
        foreach (var column in Columns(table.Value("columns")).ToList())
        {
            if (column.IsDropped && column.SaysMore)
            {
                mistakes.Add(
                    column.Value, $"The column {column.Name} is dropped, so that nothing else can be said of it.", "Take drop out, or the rest.");
            }
            else if (only.Count > 0 && only.Contains(GivenName.Of(column.Name), StringComparer.Ordinal) == column.IsDropped)
            {
                mistakes.Add(
                    column.Value,
                    column.IsDropped
                        ? $"The column {column.Name} is in only and is dropped."
                        : $"The column {column.Name} is described, but only leaves it out.",
                    column.IsDropped ? "Take it out of only." : $"Add {column.Name} to only, or take it out of columns.");
            }
        }

        if (table.Has("flatten") && table.Below("attributes")?.Has("flatten") == true)
        {
            mistakes.Add(table.PlaceOf("flatten"), "flatten and attributes say the same thing.", "Keep one of them.");
        }
    }

    private static IReadOnlyList<YamlEntry> Entries(YamlValue? value) => (value as YamlMap)?.Entries ?? [];

    private static IEnumerable<Column> Columns(YamlValue? columns) =>
        Entries(columns).Where(entry => !entry.Key.IsWrong && !entry.Value.IsWrong).Select(entry => new Column(entry.Name, entry.Value));

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

    // A column is a word (drop or a type) or a mapping.
    private sealed record Column(string Name, YamlValue Value)
    {
        private Section? Full => Value is YamlMap map ? new Section(map) : null;

        public bool IsDropped => Word == Drop || Full?.IsOn(Drop) == true;

        public string? Type => Word is { } word && word != Drop ? word : Text("type");

        public bool SaysMore => Full?.Entries.Any(entry => entry.Name != Drop) == true;

        private string? Word => (Value as YamlText)?.Value;

        public string? Text(string key) => Full?.Text(key);
    }
}
