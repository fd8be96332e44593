using System.Text.Json.Nodes;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines.Shapes;

/// <summary>A list, or one of its items alone.</summary>
internal sealed class ListShape(ValueShape item) : ValueShape
{
    public override string Wanted => "a list";

    public override void Check(YamlValue value, Subject subject, PipelineErrors mistakes)
    {
        switch (value)
        {
            case YamlList { Items.Count: 0 }:
                mistakes.Add(value, $"{subject.Name} is an empty list.", subject.Fix);
                break;
            case YamlList list:
                foreach (var one in list.Items)
                {
                    item.Check(one, subject with { Name = $"An item of {subject.Name}" }, mistakes);
                }

                break;
            case YamlText { IsNull: false }:
                item.Check(value, subject, mistakes);
                break;
            default:
                NoteKind(value, subject, mistakes);
                break;
        }
    }

    public override JsonObject ToSchema() => new()
    {
        ["anyOf"] = new JsonArray(item.ToSchemaAlone(), new JsonObject { ["type"] = "array", ["items"] = item.ToSchema(), ["minItems"] = 1 }),
    };
}
