using Sluice.Engine.Catalog;

namespace Sluice.Destinations.Models;

/// <summary>Which table of a destination is which of the catalog's: by its name, else by what was asked for when it was loaded.</summary>
internal sealed class ModelTables
{
    private readonly Dictionary<string, string> _found = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _several = new(StringComparer.Ordinal);

    /// <param name="there">The tables that are there.</param>
    /// <param name="loads">The tables that were ever loaded, each with what was asked for.</param>
    /// <param name="names">The tables to look for, by the catalog's names; null for those that models are made from.</param>
    public ModelTables(IReadOnlySet<string> there, IEnumerable<(string Table, string Source)> loads, IEnumerable<string>? names = null)
    {
        var bySource = loads.Where(load => there.Contains(load.Table))
            .GroupBy(load => load.Source, load => load.Table, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList());
        foreach (var name in names ?? ModelCatalog.Tables)
        {
            if (there.Contains(ModelCatalog.TableOf(name)))
            {
                _found[name] = ModelCatalog.TableOf(name);
            }
            else if (bySource.TryGetValue(name, out var tables))
            {
                (tables.Count == 1 ? _found : _several)[name] = string.Join(" and ", tables);
            }
        }
    }

    /// <summary>The tables by the catalog's names.</summary>
    public IReadOnlyDictionary<string, string> Found => _found;

    /// <summary>The tables of the catalog that can be there: those that were loaded, are kept of readings, or have a model made from them.</summary>
    public static IReadOnlyList<string> Known(IEnumerable<(string Table, string Source)> loads) =>
    [
        .. loads.Select(load => load.Source).Where(source => TableName.TryParse(source, ResourceCatalog.Default, out _, out _))
            .Concat(ResourceCatalog.Default.Resources.Select(resource => resource.Observed?.Table).OfType<string>())
            .Concat(ModelCatalog.Tables)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>A table for a message that says it is lacking.</summary>
    public string Told(string name) => _several.TryGetValue(name, out var tables) ? $"{name} ({tables} both are, and models can't choose)" : name;
}
