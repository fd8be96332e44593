using System.Text.Json.Nodes;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines.Shapes;

/// <summary>true or false; other words are refused, because YAML 1.1 and 1.2 don't agree on what <c>yes</c> and <c>on</c> mean.</summary>
internal sealed class SwitchShape : ScalarShape
{
    public override string Wanted => "true or false";

    public static bool IsOn(string text) => text.Equals("true", StringComparison.OrdinalIgnoreCase);

    public override JsonObject ToSchema() => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "boolean" },
            new JsonObject { ["enum"] = new JsonArray("true", "false") },
            new JsonObject { ["$ref"] = "#/definitions/variable" }),
    };

    protected override void CheckText(YamlText text, string read, Subject subject, PipelineMistakes mistakes)
    {
        if (read is not ("true" or "false") && !text.IsSwitch)
        {
            mistakes.Add(text, $"{subject.Name} must be {Wanted}, but is '{text.Raw}'.", subject.Fix);
        }
    }
}
