using Sluice.Engine.Catalog;

namespace Sluice.Engine.Config;

/// <summary>Reads which tables are wanted: one, a list with commas, or <c>all</c>.</summary>
public static class TableList
{
    /// <summary>The word for all tables, metrics by days.</summary>
    public const string All = "all";

    /// <summary>Reads the list and notes every name that is no table's; a table that is named twice counts once.</summary>
    public static IReadOnlyList<TableName> Read(string? text, ResourceCatalog catalog, Mistakes mistakes)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            mistakes.Add("No table is named.", "Add --source-table campaigns, a list such as campaigns,messages, or all; 'sluice tables' lists them.");
            return [];
        }

        var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return [.. names.SelectMany(name => Expand(name, catalog, mistakes)).Distinct()];
    }

    private static IEnumerable<TableName> Expand(string name, ResourceCatalog catalog, Mistakes mistakes)
    {
        if (name.Equals(All, StringComparison.OrdinalIgnoreCase))
        {
            return catalog.Resources.Select(resource => new TableName(resource.Name, resource.TakesPeriod ? MetricsPeriod.Days : null));
        }

        if (TableName.TryParse(name, catalog, out var table, out var problem))
        {
            return [table];
        }

        mistakes.Add(problem);
        return [];
    }
}
