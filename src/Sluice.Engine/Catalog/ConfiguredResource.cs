using System.Text.Json;

namespace Sluice.Engine.Catalog;

/// <summary>
/// A resource as it is asked for once its options are set: with their query parameters, their part of the body, and a request for each of several
/// values.
/// </summary>
public static class ConfiguredResource
{
    /// <summary>Applies what was said of the resource's own options, and of the people it is asked for.</summary>
    public static Resource With(Resource resource, OptionValues said, WhereFilter where)
    {
        resource = PersonScope.With(resource, where);
        foreach (var option in resource.Options.Where(option => option.Kind != OptionKind.Steps))
        {
            var values = said.All(option.Name);
            resource = values.Count == 0 ? resource
                : option.Body is { } key ? resource with { Body = Body(resource.Body, key, option, values) }
                : option.Route is { } part
                    ? resource with
                    {
                        Variants = [.. resource.Variants.Where(variant => values.Contains(variant.Route[part], StringComparer.Ordinal))],
                    }
                : option.Query is { } parameter ? Ask(resource, option, parameter, values)
                : resource;
        }

        // Of people that are named by themselves an export would give too many.
        return where.IsEmpty || resource.ExportParents.Count > 0 ? ExportedResource.With(resource, said) : resource;
    }

    // Rows that must tell what was asked for need a request of their own for each value, also for a single one.
    private static Resource Ask(Resource resource, ResourceOption option, string parameter, IReadOnlyList<string> values) =>
        values.Count == 1 && option.Column is null
            ? resource with { Query = With(resource.Query, parameter, values[0]) }
            : resource with
            {
                Variants = [.. Variants(resource).SelectMany(variant => values.Select(value => variant with
                {
                    Query = With(variant.Query, parameter, value),
                    Columns = option.Column is { } column ? With(variant.Columns, column, value) : variant.Columns,
                }))],
            };

    private static IReadOnlyList<RequestVariant> Variants(Resource resource) =>
        resource.Variants.Count == 0 ? [new RequestVariant()] : resource.Variants;

    private static Dictionary<string, string> With(IReadOnlyDictionary<string, string> query, string parameter, string value) =>
        new(query, StringComparer.Ordinal) { [parameter] = value };

    private static string Body(string? body, string key, ResourceOption option, IReadOnlyList<string> values)
    {
        using var document = JsonDocument.Parse(body ?? "{}");
        var members = document
            .RootElement.EnumerateObject()
            .ToDictionary(member => member.Name, member => member.Value.Clone(), StringComparer.Ordinal);
        members[key] = Parse(option.Many ? $"[{string.Join(',', values.Select(value => Json(option, value)))}]" : Json(option, values[0]));
        return JsonSerializer.Serialize(members, EngineJson.Default.DictionaryStringJsonElement);
    }

    private static string Json(ResourceOption option, string value) =>
        option.Kind is OptionKind.PeopleFilter or OptionKind.Number or OptionKind.Time or OptionKind.Flag ? value : EngineJson.Quote(value);

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
