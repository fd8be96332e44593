using System.Text.Json.Nodes;
using Sluice.Engine.Catalog;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines.Shapes;

/// <summary>A mapping whose keys are known.</summary>
internal sealed class SectionShape(IReadOnlyList<Key> keys) : ValueShape
{
    /// <summary>Says of a key that is unknown here what it is elsewhere, or gives null.</summary>
    public Func<string, string?> Elsewhere { get; init; } = _ => null;

    /// <summary>Whether keys that begin with <c>x-</c> are left to the user, as marked values to be used further down.</summary>
    public bool TakesExtensions { get; init; }

    public IReadOnlyList<Key> Keys => keys;

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

        foreach (var missing in keys.Where(key => key.IsRequired && map.Find(key.Name) is null))
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

        if (TakesExtensions)
        {
            schema["patternProperties"] = new JsonObject { ["^x-"] = true };
        }

        return schema;
    }

    private string Hint(string name) =>
        Elsewhere(name) ?? Suggestion.For(name, keys.Select(key => key.Name)) ?? $"There are {string.Join(", ", keys.Select(key => key.Name))}.";

    // Editors show the description and ignore what stands beside a reference.
    private static JsonObject SchemaOf(Key key)
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

/// <summary>A key of the file: what it takes and what it does.</summary>
/// <param name="Name">The key.</param>
/// <param name="Shape">What it takes.</param>
/// <param name="Example">A line of YAML that uses it.</param>
/// <param name="Doc">One or two sentences for people and editors, with the default.</param>
internal sealed record Key(string Name, ValueShape Shape, string Example, string Doc)
{
    /// <summary>Whether it must be there.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether its value is a key or a password, which belongs into a variable.</summary>
    public bool IsSecret { get; init; }
}
