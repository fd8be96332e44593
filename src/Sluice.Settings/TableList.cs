using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Settings;

/// <summary>Reads which tables are wanted: one, a list with commas, <c>all</c>, or nothing for the standard tables.</summary>
public static class TableList
{
    /// <summary>
    /// The word for all tables, metrics by days; tables of exports are read only when they are named, for each leaves an export in the workspace, and
    /// so are tables whose rows another one has.
    /// </summary>
    public const string All = "all";

    /// <summary>The word for the tables that are read when none is named.</summary>
    public const string Default = "default";

    /// <summary>
    /// The names of the tables that are read when none is named: every list of the workspace and its deliveries, which together cost few
    /// requests; tables that are asked for once a parent or person, activities and the email provider's suppressions are left to those who want them.
    /// </summary>
    public static IEnumerable<string> Standard() =>
        ResourceCatalog
            .Default.Resources.Where(resource =>
                resource.Parent is null && !resource.TakesPeriod && !resource.Forgets && !resource.OnRequest && resource.SharedWith is null)
            .Select(resource => resource.Name);

    /// <summary>Whether the word for all tables is among names.</summary>
    public static bool NamesAll(IEnumerable<string> names) => ColumnChoice.Names(names).Contains(All, StringComparer.OrdinalIgnoreCase);

    /// <summary>Every table that can be read without an export, metrics by days.</summary>
    public static IEnumerable<TableName> Everything() =>
        ResourceCatalog
            .Default.Resources.Where(resource => resource.Reading != ReadingKind.Export)
            .Select(resource => new TableName(resource.Name, resource.TakesPeriod ? MetricsPeriod.Days : null));

    /// <summary>Reads the list and notes every name that is no table's; a table that is named twice counts once.</summary>
    public static IReadOnlyList<TableName> Read(string? text, ValidationErrors mistakes)
    {
        var names = (string.IsNullOrWhiteSpace(text) ? Default : text).Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return [.. names.SelectMany(name => Expand(name, mistakes)).Distinct()];
    }

    private static IEnumerable<TableName> Expand(string name, ValidationErrors mistakes)
    {
        if (name.Equals(All, StringComparison.OrdinalIgnoreCase))
        {
            return Everything().Where(table => ResourceCatalog.Default.Find(table.Resource)!.Within is null);
        }

        if (name.Equals(Default, StringComparison.OrdinalIgnoreCase))
        {
            return Standard().Select(standard => new TableName(standard, null));
        }

        if (TableName.TryParse(name, ResourceCatalog.Default, out var table, out var problem))
        {
            return [table];
        }

        mistakes.Add(IngestSettings.SourceTable, problem);
        return [];
    }
}
