using System.Text.Json.Nodes;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines.Shapes;

/// <summary>A single value, which may come from a variable.</summary>
internal abstract class ScalarShape : ValueShape
{
    /// <summary>What a text must look like to hold a variable; its value is only known when it is read.</summary>
    public const string VariablePattern = @"\$\{[A-Za-z_]";

    public override void Check(YamlValue value, Subject subject, PipelineMistakes mistakes)
    {
        if (value is not YamlText { IsNull: false } text)
        {
            NoteKind(value, subject, mistakes);
        }
        else if (text.Value is { } read && !text.IsWrong)
        {
            CheckText(text, read, subject, mistakes);
        }
    }

    /// <summary>Looks at the text with its variables read.</summary>
    protected abstract void CheckText(YamlText text, string read, Subject subject, PipelineMistakes mistakes);

    /// <summary>A value, or a text with a variable in it.</summary>
    protected static JsonObject OrVariable(JsonObject schema) => new() { ["anyOf"] = new JsonArray(schema, new JsonObject { ["$ref"] = "#/definitions/variable" }) };
}
