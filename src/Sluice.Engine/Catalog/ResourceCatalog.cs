using System.Reflection;
using System.Text.Json;

namespace Sluice.Engine.Catalog;

/// <summary>All resources that can be read, found by name.</summary>
public sealed class ResourceCatalog
{
    private const string FilePrefix = "Catalog/";
    private static readonly Lazy<ResourceCatalog> LazyDefault = new(ReadEmbedded);
    private readonly Dictionary<string, Resource> _byName;

    internal ResourceCatalog(IEnumerable<Resource> resources)
    {
        Resources = [.. resources.OrderBy(resource => resource.Name, StringComparer.Ordinal)];
        Tables = [.. Resources.SelectMany(TablesOf)];
        _byName = Resources.ToDictionary(resource => resource.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The catalog that ships with Sluice, read once from the embedded files.</summary>
    public static ResourceCatalog Default => LazyDefault.Value;

    /// <summary>The resources by name, in alphabetical order.</summary>
    public IReadOnlyList<Resource> Resources { get; }

    /// <summary>Every table that can be named: one for each resource, and one for each period of a resource of metrics.</summary>
    public IReadOnlyList<TableName> Tables { get; }

    /// <summary>Gives the resource of that name in any case, or null.</summary>
    public Resource? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Gives the names that look most like <paramref name="name"/>, best first; names that have nothing in common are left out.</summary>
    public IReadOnlyList<string> Nearest(string name, int count) => NameDistance.Nearest(name, Resources.Select(resource => resource.Name), count);

    internal static ResourceCatalog FromFiles(IReadOnlyCollection<CatalogFile> files)
    {
        var sets = files.SelectMany(file => file.ColumnSets ?? new Dictionary<string, IReadOnlyList<Column>>()).ToDictionary();
        return new ResourceCatalog(files.SelectMany(file => file.Resources ?? []).Select(resource => Complete(resource, sets)));
    }

    private static IEnumerable<TableName> TablesOf(Resource resource) =>
        resource.TakesPeriod
            ? Enum.GetValues<MetricsPeriod>().Select(period => new TableName(resource.Name, period))
            : [new TableName(resource.Name, null)];

    private static Resource Complete(Resource resource, Dictionary<string, IReadOnlyList<Column>> sets) =>
        resource.Include is null
            ? resource
            : resource with { Columns = [.. resource.Columns, .. resource.Include.SelectMany(name => sets[name])], Include = null };

    private static ResourceCatalog ReadEmbedded()
    {
        var assembly = typeof(ResourceCatalog).Assembly;
        return FromFiles([.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(FilePrefix, StringComparison.Ordinal))
            .Select(name => ReadFile(assembly, name))]);
    }

    private static CatalogFile ReadFile(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        try
        {
            return JsonSerializer.Deserialize(stream, CatalogJson.Default.CatalogFile) ?? new CatalogFile();
        }
        catch (JsonException error)
        {
            throw new InvalidOperationException($"The embedded file {name} is not a catalog file: {error.Message}", error);
        }
    }
}
