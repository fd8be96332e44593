using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sluice.Engine;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines.Shapes;

/// <summary>Any text; numbers and switches are text, too, just as they are written.</summary>
internal sealed class TextShape : ScalarShape
{
    /// <summary>What the text must look like, or null; anchors and classes only, so that it means the same to every engine.</summary>
    public string? Pattern { get; init; }

    /// <summary>Looks closer, by the reader that commands use for the same word, which is told the name of the key.</summary>
    public Action<string, string, ValidationErrors>? Look { get; init; }

    public override string Wanted => "text";

    public override JsonObject ToSchema() => Pattern is null
        ? new JsonObject { ["type"] = new JsonArray("string", "number", "boolean"), ["minLength"] = 1 }
        : OrVariable(new JsonObject { ["type"] = new JsonArray("string", "number"), ["pattern"] = Pattern });

    protected override void CheckText(YamlText text, string read, Subject subject, PipelineErrors mistakes)
    {
        if (read.Length == 0)
        {
            mistakes.Add(text, $"{subject.Name} is empty.", subject.Fix);
        }
        else if (Pattern is not null && !Regex.IsMatch(read, Pattern, RegexOptions.NonBacktracking))
        {
            mistakes.Add(text, $"{subject.Name} can't be '{text.Raw}'.", subject.Fix);
        }
        else if (Look is not null)
        {
            var found = new ValidationErrors();
            Look(subject.Name, read, found);
            text.IsWrong = found.Any;
            mistakes.Take(found, _ => text.Place);
        }
    }
}
