using System.Text.Json.Nodes;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines.Shapes;

/// <summary>Something short that is a text or a list, or a mapping that says more.</summary>
internal sealed class EitherShape(ValueShape brief, ValueShape full) : ValueShape
{
    public override string Wanted => $"{brief.Wanted} or {full.Wanted}";

    public override void Check(YamlValue value, Subject subject, PipelineMistakes mistakes)
    {
        var chosen = value is YamlMap ? full : brief;
        if (value is YamlList && brief is ScalarShape)
        {
            NoteKind(value, subject, mistakes);
        }
        else
        {
            chosen.Check(value, subject, mistakes);
        }
    }

    public override JsonObject ToSchema() => new() { ["anyOf"] = new JsonArray(brief.ToSchema(), full.ToSchema()) };
}
