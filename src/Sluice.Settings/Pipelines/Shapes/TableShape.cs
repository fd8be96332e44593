using System.Text.Json.Nodes;
using Sluice.Engine.Catalog;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines.Shapes;

/// <summary>One item of <c>tables</c>: the name of a table, or the name with settings of its own.</summary>
internal sealed class TableShape : ValueShape
{
    /// <summary>Words that stand for several tables.</summary>
    public static readonly string[] Groups = [TableList.All, TableList.Default];

    private static readonly ResourceCatalog Catalog = ResourceCatalog.Default;

    public override string Wanted => "the name of a table";

    public override void Check(YamlValue value, Subject subject, PipelineErrors mistakes)
    {
        switch (value)
        {
            case YamlText { IsNull: false } text:
                CheckName(text, text.Value, mistakes);
                break;
            case YamlMap map:
                CheckMap(map, subject, mistakes);
                break;
            default:
                NoteKind(value, subject, mistakes);
                break;
        }
    }

    public override JsonObject ToSchema() => new()
    {
        ["anyOf"] = new JsonArray(ToSchemaAlone(), new JsonObject
        {
            ["type"] = "object",
            ["minProperties"] = 1,
            ["maxProperties"] = 1,
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject(
                Names().Select(name => KeyValuePair.Create<string, JsonNode?>(name, Reference(Catalog.Find(name.Split(':')[0])!.Name)))),
        }),
    };

    // Settings of its own only make sense in a list.
    public override JsonObject ToSchemaAlone() => Reference("table_name");

    /// <summary>What each table takes: the same keys, with the options that it has.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> Definitions()
    {
        var names = new WordShape([.. Groups, .. Names()]).ToSchema();
        yield return KeyValuePair.Create<string, JsonNode?>("table_name", names);
        yield return KeyValuePair.Create<string, JsonNode?>("table", new SectionShape(PipelineKeys.Table).ToSchema());
        foreach (var resource in Catalog.Resources)
        {
            var own = new JsonObject { ["options"] = new OptionsShape(Catalog.OptionsOf(resource)).ToSchema() };
            foreach (var key in PipelineKeys.Table.Where(key => !PipelineKeys.TakesKey(resource, key.Name)))
            {
                own[key.Name] = false;
            }

            yield return KeyValuePair.Create<string, JsonNode?>(resource.Name, new JsonObject
            {
                ["description"] = resource.Doc,
                ["allOf"] = new JsonArray(Reference("table"), new JsonObject { ["properties"] = own }),
            });
        }
    }

    private static JsonObject Reference(string definition) => new() { ["$ref"] = $"#/definitions/{definition}" };

    // Every name by which the catalog finds a table, with its period where it has one.
    private static IEnumerable<string> Names() =>
        Catalog.Resources.SelectMany(resource =>
            resource
                .Aliases.Prepend(resource.Name)
                .SelectMany(name =>
                    resource.TakesPeriod ? Enum.GetValues<MetricsPeriod>().Select(period => $"{name}:{TableName.Word(period)}") : [name]));

    private static TableName? CheckName(YamlText name, string? read, PipelineErrors mistakes)
    {
        if (read is null || Groups.Contains(read, StringComparer.Ordinal))
        {
            return null;
        }

        if (TableName.TryParse(read, Catalog, out var table, out var problem))
        {
            return table;
        }

        mistakes.Add(name, problem, read.Contains(',', StringComparison.Ordinal) ? "Write several tables as a list: [campaigns, messages]." : null);
        return null;
    }

    private void CheckMap(YamlMap map, Subject subject, PipelineErrors mistakes)
    {
        switch (map.Entries.Count)
        {
            case 0:
                NoteKind(map, subject, mistakes);
                break;
            case 1:
                CheckEntry(map, map.Entries[0], mistakes);
                break;
            default:
                NoteSeveral(map, mistakes);
                break;
        }
    }

    private static void NoteSeveral(YamlMap map, PipelineErrors mistakes)
    {
        var (first, second) = (map.Entries[0], map.Entries[1]);
        var isOutdented = first.Value is YamlText { IsNull: true };
        mistakes.Add(
            map,
            isOutdented
                ? $"The settings of {first.Name} stand beside it instead of below it."
                : $"One item of the list has several keys: {string.Join(", ", map.Entries.Select(one => one.Name))}.",
            isOutdented ? $"Indent {second.Name} by two blanks more than {first.Name}." : "Begin each table with '- ' on a line of its own.");
    }

    private static void CheckEntry(YamlMap map, YamlEntry entry, PipelineErrors mistakes)
    {
        if (entry.Value is YamlText { IsNull: false } period && Enum.GetNames<MetricsPeriod>().Contains(period.Raw, StringComparer.OrdinalIgnoreCase))
        {
            mistakes.Add(map, $"A blank stands between {entry.Name}: and {period.Raw}.", $"Write {entry.Name}:{period.Raw} without it.");
        }
        else if (Groups.Contains(entry.Name, StringComparer.Ordinal))
        {
            mistakes.Add(
                map, $"'{entry.Name}' stands for several tables and takes no settings of its own.", "Say it for the whole sync, or name the table.");
        }
        else if (CheckName(entry.Key, entry.Name, mistakes) is not { } table)
        {
            map.IsWrong = true;
        }
        else if (entry.Value is YamlText { IsNull: true })
        {
            mistakes.Add(map, $"Nothing stands behind {entry.Name}:", $"Take the colon away, as in - {entry.Name}");
        }
        else
        {
            PipelineKeys
                .Of(Catalog.Find(table.Resource)!)
                .Check(entry.Value, new Subject(table.ToString(), $"{entry.Name}: {{mode: append}}"), mistakes);
        }
    }
}

/// <summary>The options of one table; their values are read where those of commands are, and described here for editors.</summary>
internal sealed class OptionsShape(IReadOnlyList<ResourceOption> options) : ValueShape
{
    public override string Wanted => "a mapping";

    public override void Check(YamlValue value, Subject subject, PipelineErrors mistakes)
    {
        if (value is not YamlMap map)
        {
            NoteKind(value, subject, mistakes);
            return;
        }

        foreach (var entry in map.Entries)
        {
            var example = subject with { Name = entry.Name };
            if (options.FirstOrDefault(option => option.Name == entry.Name) is not { } option)
            {
                mistakes.Add(
                    entry.Key,
                    $"The table has no option '{entry.Name}'.",
                    options.Count == 0
                        ? "It takes none."
                        : Suggestion.For(entry.Name, options.Select(one => one.Name))
                            ?? $"It takes {string.Join(", ", options.Select(one => one.Name))}.");
            }
            else if (entry.Value is YamlText { IsNull: true } || (entry.Value is YamlMap && option.Kind != OptionKind.PeopleFilter))
            {
                NoteKind(entry.Value, example, mistakes);
            }
            else if (entry.Value is YamlList list && list.Items.FirstOrDefault(item => item is not YamlText { IsNull: false }) is { } wrong)
            {
                mistakes.Add(wrong, $"An item of {entry.Name} is {wrong.Kind}.", "Write words or numbers, as in [a, b].");
            }
        }
    }

    public override JsonObject ToSchema() => new()
    {
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject(options.Select(option => KeyValuePair.Create<string, JsonNode?>(option.Name, SchemaOf(option)))),
    };

    private static JsonObject SchemaOf(ResourceOption option)
    {
        ValueShape value = option.Kind switch
        {
            OptionKind.Choice => new WordShape(option.Values),
            OptionKind.Flag => new SwitchShape(),
            OptionKind.Number or OptionKind.Steps => new NumberShape(0, int.MaxValue),
            _ => new TextShape(),
        };
        var schema = (option.Many ? new ListShape(value) : value).ToSchema();
        if (option.Kind == OptionKind.PeopleFilter)
        {
            schema = new JsonObject { ["type"] = new JsonArray("object", "string") };
        }

        schema["description"] = option.Doc;
        return schema;
    }
}
