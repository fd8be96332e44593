using System.Text.Json.Nodes;
using Sluice.Engine.Catalog;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines.Shapes;

/// <summary>One of some words.</summary>
internal sealed class WordShape(IReadOnlyCollection<string> words) : ScalarShape
{
    public override string Wanted => string.Join(" or ", words);

    public override JsonObject ToSchema() => OrVariable(new JsonObject { ["enum"] = new JsonArray([.. words.Select(word => JsonValue.Create(word))]) });

    protected override void CheckText(YamlText text, string read, Subject subject, PipelineMistakes mistakes)
    {
        if (!words.Contains(read, StringComparer.Ordinal))
        {
            mistakes.Add(text, $"{subject.Name} can't be '{text.Raw}'.", Suggestion.For(read, words) ?? $"There are {string.Join(", ", words)}.");
        }
    }
}
