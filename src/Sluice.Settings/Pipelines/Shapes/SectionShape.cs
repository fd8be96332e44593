using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sluice.Engine.Catalog;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines.Shapes;

/// <summary>A mapping whose keys are known.</summary>
internal sealed class SectionShape(IReadOnlyList<Setting> keys) : ValueShape
{
    /// <summary>Says of a key that is unknown here what it is elsewhere, or gives null.</summary>
    public Func<string, string?> Elsewhere { get; init; } = _ => null;

    /// <summary>Whether keys that begin with <c>x-</c> are left to the user, as marked values to be used further down.</summary>
    public bool TakesExtensions { get; init; }

    /// <summary>Sets of keys of which one must be there: the first key of each brings the others of its set with it. None for no such rule.</summary>
    public IReadOnlyList<string[]> Needed { get; init; } = [];

    public IReadOnlyList<Setting> Keys => keys;

    public override string Wanted => "a mapping";

    public override void Check(YamlValue value, Subject subject, PipelineErrors mistakes)
    {
        if (value is not YamlMap map)
        {
            NoteKind(value, subject, mistakes);
            return;
        }

        foreach (var entry in map.Entries.Where(entry => !(TakesExtensions && PipelineKeys.IsExtension(entry.Name))))
        {
            if (keys.FirstOrDefault(key => key.Name == entry.Name) is { } key)
            {
                key.Shape.Check(entry.Value, new Subject(key.Name, key.Example), mistakes);
            }
            else
            {
                mistakes.Add(entry.Key, $"There is no key '{entry.Name}' in {subject.Name}.", Hint(entry.Name));
            }
        }

        var needed = NeededBy(map).ToList();
        foreach (var missing in keys.Where(key => (key.IsRequired || needed.Contains(key.Name)) && map.Find(key.Name) is null))
        {
            mistakes.Add(map.Place, $"The key {missing.Name} is missing in {subject.Name}.", $"Add for example: {missing.Example}");
        }
    }

    public override JsonObject ToSchema()
    {
        var schema = new JsonObject { ["type"] = "object", ["additionalProperties"] = false };
        schema["properties"] = new JsonObject(keys.Select(key => KeyValuePair.Create<string, JsonNode?>(key.Name, SchemaOf(key))));
        if (keys.Any(key => key.IsRequired))
        {
            schema["required"] = new JsonArray([.. keys.Where(key => key.IsRequired).Select(key => JsonValue.Create(key.Name))]);
        }

        if (Needed.Count > 0)
        {
            schema["anyOf"] = new JsonArray(
                [.. Needed.Select(set => new JsonObject { ["required"] = new JsonArray([.. set.Select(name => JsonValue.Create(name))]) })]);
        }

        if (TakesExtensions)
        {
            schema["patternProperties"] = new JsonObject { ["^x-"] = true };
        }

        return schema;
    }

    private IEnumerable<string> NeededBy(YamlMap map)
    {
        var there = Needed.Where(set => map.Find(set[0]) is not null).ToList();
        return there.Count > 0 ? there.SelectMany(set => set) : Needed.FirstOrDefault([]);
    }

    private string Hint(string name) =>
        Elsewhere(name) ?? Suggestion.For(name, keys.Select(key => key.Name)) ?? $"There are {string.Join(", ", keys.Select(key => key.Name))}.";

    // Editors show the description and ignore what stands beside a reference.
    private static JsonObject SchemaOf(Setting key)
    {
        var schema = key.Shape.ToSchema();
        if (schema.ContainsKey("$ref"))
        {
            schema = new JsonObject { ["allOf"] = new JsonArray(schema) };
        }

        schema["description"] = $"{key.Doc}\nFor example: {key.Example}";
        return schema;
    }
}

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
            if (!Regex.IsMatch(entry.Name, pattern, RegexOptions.None, Timeout.InfiniteTimeSpan))
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
