using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Settings;

/// <summary>Gives each of several tables the options that were said for it.</summary>
internal static class TableOptionResolver
{
    /// <summary>
    /// The options of one table: one that was said without a table's name is for every table that takes it, one with a name only for that table.
    /// </summary>
    public static OptionValues Of(TableName name, IngestSettings settings, ResourceCatalog catalog, ValidationErrors mistakes)
    {
        var known = catalog.OptionsOf(catalog.Find(name.Resource)!);
        var words = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var (option, said) in settings.Options)
        {
            var dot = option.LastIndexOf('.');
            if (dot < 0 ? known.Any(one => one.Name.Equals(option, StringComparison.OrdinalIgnoreCase)) : IsOf(option[..dot], name, catalog))
            {
                words[option[(dot + 1)..]] = said;
            }
        }

        return OptionReader.Read(name, words, catalog, mistakes);
    }

    /// <summary>Notes options that no table takes.</summary>
    public static void NoteUnused(IReadOnlyList<TableName> names, IngestSettings settings, ResourceCatalog catalog, ValidationErrors mistakes)
    {
        var known = names
            .SelectMany(name => catalog.OptionsOf(catalog.Find(name.Resource)!))
            .Select(option => option.Name)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        foreach (var option in settings.Options.Keys)
        {
            var dot = option.LastIndexOf('.');
            if (dot >= 0 && !names.Any(name => IsOf(option[..dot], name, catalog)))
            {
                mistakes.Add($"The option '{option}' is for a table that is not read.", $"Read are {string.Join(", ", names)}.");
            }
            else if (dot < 0 && names.Count > 0 && !known.Contains(option, StringComparer.OrdinalIgnoreCase))
            {
                mistakes.Add(
                    $"None of the tables has an option '{option}'.",
                    known.Count == 0 ? "They take none." : Suggestion.For(option, known) ?? $"They take {string.Join(", ", known)}.");
            }
        }
    }

    private static bool IsOf(string table, TableName name, ResourceCatalog catalog) =>
        table.Equals(name.ToString(), StringComparison.OrdinalIgnoreCase) || catalog.Find(table)?.Name == name.Resource;
}
