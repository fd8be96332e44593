using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines.Shapes;

/// <summary>A mapping whose keys are names that the user gives.</summary>
/// <param name="what">What is named, such as workspace.</param>
/// <param name="pattern">What a name must look like.</param>
/// <param name="letters">The same in words.</param>
/// <param name="item">What stands behind each name.</param>
internal sealed class NamedShape(string what, string pattern, string letters, ValueShape item) : ValueShape
{
    /// <summary>Whether there may be no name at all.</summary>
    public bool MayBeEmpty { get; init; }

    public override string Wanted => $"a mapping with the name of each {what}";

    public override void Check(YamlValue value, Subject subject, PipelineErrors mistakes)
    {
        if (value is not YamlMap map)
        {
            NoteKind(value, subject, mistakes);
            return;
        }

        if (map.Entries.Count == 0 && !MayBeEmpty)
        {
            mistakes.Add(map, $"{subject.Name} names no {what}.", subject.Fix);
        }

        foreach (var entry in map.Entries)
        {
            if (!Regex.IsMatch(entry.Name, pattern, RegexOptions.NonBacktracking))
            {
                mistakes.Add(entry.Key.Place, $"A {what} can't be called '{entry.Name}'.", $"Use {letters}.");
            }

            item.Check(entry.Value, subject with { Name = $"the {what} {entry.Name}" }, mistakes);
        }
    }

    public override JsonObject ToSchema() => new()
    {
        ["type"] = "object",
        ["minProperties"] = MayBeEmpty ? 0 : 1,
        ["additionalProperties"] = false,
        ["patternProperties"] = new JsonObject { [pattern] = item.ToSchema() },
    };
}
