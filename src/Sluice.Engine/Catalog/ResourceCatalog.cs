namespace Sluice.Engine.Catalog;

/// <summary>All resources that can be read, found by name.</summary>
public sealed class ResourceCatalog
{
    private static readonly Lazy<ResourceCatalog> LazyDefault = new(() => new ResourceCatalog(CatalogReader.ReadEmbedded()));
    private readonly Dictionary<string, Resource> _byName;

    internal ResourceCatalog(IEnumerable<Resource> resources)
    {
        Resources = [.. resources.OrderBy(resource => resource.Name, StringComparer.Ordinal)];
        _byName = Resources
            .SelectMany(resource => resource.Aliases.Prepend(resource.Name).Select(name => KeyValuePair.Create(name, resource)))
            .ToDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The catalog that ships with Sluice, read once from the embedded files.</summary>
    public static ResourceCatalog Default => LazyDefault.Value;

    /// <summary>The resources by name, in alphabetical order.</summary>
    public IReadOnlyList<Resource> Resources { get; }

    /// <summary>All table names: one for each resource, and one for each period of a metrics resource.</summary>
    public IReadOnlyList<TableName> Tables => field ??= [.. Resources.SelectMany(TablesOf)];

    /// <summary>The resource with that name or alias, case-insensitive, or null.</summary>
    public Resource? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The names most similar to <paramref name="name"/>, best first; dissimilar names are left out.</summary>
    public IReadOnlyList<string> Nearest(string name, int count) =>
        [.. NameDistance.Nearest(name, _byName.Keys, count * 3).Select(found => _byName[found].Name).Distinct(StringComparer.Ordinal).Take(count)];

    private static IEnumerable<TableName> TablesOf(Resource resource) =>
        resource.TakesPeriod
            ? Enum.GetValues<MetricsPeriod>().Select(period => new TableName(resource.Name, period))
            : [new TableName(resource.Name, null)];

    /// <summary>The options that a resource takes: its own and those of the resources that lead to it.</summary>
    public IReadOnlyList<ResourceOption> OptionsOf(Resource resource)
    {
        var known = new List<ResourceOption>();
        for (var one = resource; one is not null; one = one.Parent is { } binding ? Find(binding.Resource) : null)
        {
            known.AddRange(one.Options.Where(option => known.TrueForAll(other => other.Name != option.Name)));
        }

        return known;
    }
}
