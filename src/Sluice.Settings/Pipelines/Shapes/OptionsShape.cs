using System.Text.Json.Nodes;
using Sluice.Engine.Catalog;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines.Shapes;

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
