using System.Text.Json.Nodes;

namespace Sluice.Engine.Catalog;

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
