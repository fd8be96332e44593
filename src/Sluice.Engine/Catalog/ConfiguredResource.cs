using System.Text.Json;
using System.Text.Json.Nodes;

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

/// <summary>A resource that lists everybody's records, asked for single people instead, whom the user has named.</summary>
public static class PersonScope
{
    private const string Parameter = "customer_id";

    /// <summary>The resource as it is asked for when a column names the people; the resource itself when it can't be.</summary>
    public static Resource With(Resource resource, string column)
    {
        if (resource is not { PersonPath: { } path, PersonParent: { } people, Parent: null } || Identifier(column) is not { } identifier)
        {
            return resource;
        }

        return resource with
        {
            Path = path,
            Reading = ReadingKind.PerParent,
            SharedWith = null,
            RowFilter = null,
            Query = new Dictionary<string, string>(resource.Query, StringComparer.Ordinal) { ["id_type"] = identifier },
            Parent = new ParentBinding
            {
                Resource = people,
                Route = new Dictionary<string, string>(StringComparer.Ordinal) { [Parameter] = identifier },
                Columns =
                    identifier == "cio_id"
                        ? new Dictionary<string, string>(StringComparer.Ordinal) { ["cio_id"] = "cio_id" }
                        : new Dictionary<string, string>(StringComparer.Ordinal),
            },
        };
    }

    /// <summary>The same, by the conditions that name the people.</summary>
    public static Resource With(Resource resource, WhereFilter where) =>
        resource.PersonParent is { } people && where.On(people) is [{ } only, ..] ? With(resource, only.Column) : resource;

    private static string? Identifier(string column) => column switch
    {
        "cio_id" or "email" => column,
        "customer_id" or "id" => "id",
        _ => null,
    };
}

/// <summary>A resource as it is read by exports: what an export of deliveries is of, and people by an export instead of the search.</summary>
public static class ExportedResource
{
    /// <summary>The option that says how people are read.</summary>
    public const string Via = "via";

    /// <summary>The word for reading people by an export.</summary>
    public const string ByExport = "export";

    private const string Everybody = """{"attribute":{"field":"cio_id","operator":"exists"}}""";

    /// <summary>Whether the table can be read by an export instead of the search and the attributes endpoint.</summary>
    public static bool CanBe(Resource resource) => resource.Reading is ReadingKind.People or ReadingKind.Hydrate;

    /// <summary>Applies what was said of exports; a resource that none is wanted of stays as it is.</summary>
    public static Resource With(Resource resource, OptionValues said)
    {
        if (resource.ExportParents.FirstOrDefault(one => said.All(one.Option).Count > 0) is { } parent)
        {
            return resource with { Parent = parent.Binding, Window = resource.Window! with { NotBefore = parent.NotBefore } };
        }

        return CanBe(resource) && said.One(Via) == ByExport ? People(resource, said) : resource;
    }

    /// <summary>Whether the list of what an export can be of must be read first: for all of them, and to know how far back their time goes.</summary>
    public static bool NeedsList(Resource resource, OptionValues said) =>
        resource.ExportParents.Any(parent => said.All(parent.Option).Contains("all", StringComparer.Ordinal)) || said.One("start") is null;

    private static Resource People(Resource resource, OptionValues said)
    {
        var body = new JsonObject { ["filters"] = JsonNode.Parse(said.One("filter") ?? Everybody) };
        if (said.All("attributes") is { Count: > 0 } attributes)
        {
            body["attributes"] = new JsonArray([.. attributes.Select(name => JsonValue.Create(name))]);
        }

        return resource with
        {
            Reading = ReadingKind.Export,
            ExportForm = resource.Reading == ReadingKind.People ? ExportForm.Identifiers : ExportForm.Attributes,
            Method = "POST",
            Path = "/v1/exports/customers",
            Body = body.ToJsonString(),
            Query = new Dictionary<string, string>(),
            Parent = null,
            Batch = null,
            PageSize = null,
        };
    }
}
