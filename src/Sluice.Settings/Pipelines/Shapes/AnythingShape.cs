using System.Text.Json.Nodes;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines.Shapes;

/// <summary>What is looked at somewhere else.</summary>
internal sealed class AnythingShape : ValueShape
{
    public override string Wanted => "anything";

    public override void Check(YamlValue value, Subject subject, PipelineMistakes mistakes)
    {
        if (value is YamlText { IsNull: true })
        {
            NoteKind(value, subject, mistakes);
        }
    }

    public override JsonObject ToSchema() => [];
}
