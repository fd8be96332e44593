using Sluice.Engine.Catalog;

namespace Sluice.Settings;

/// <summary>Says where tables hold the same rows, and which of them are therefore left out of all tables.</summary>
internal static class TableOverlap
{
    /// <summary>What is to be known of a choice of tables, a sentence each.</summary>
    /// <param name="tables">The tables that are read.</param>
    /// <param name="isAll">Whether the word for all tables was among those that chose them.</param>
    public static IReadOnlyList<string> Notes(IReadOnlyList<TableName> tables, bool isAll)
    {
        var chosen = tables.Select(table => table.Resource).ToHashSet(StringComparer.Ordinal);
        var copies = ResourceCatalog.Default.Resources.Where(resource => resource.Within is not null).ToList();
        var notes = copies
            .Where(copy => chosen.Contains(copy.Name) && chosen.Contains(copy.Within!))
            .Select(copy => $"{copy.Name} holds rows that {copy.Within} holds, too"
                + (copy.SharedWith == copy.Within ? "; both come from the same pages." : ": Customer.io is asked for them twice."));
        var left = copies.Where(copy => !chosen.Contains(copy.Name)).GroupBy(copy => copy.Within!, copy => copy.Name);
        return [.. isAll ? left.Select(Left) : [], .. notes];
    }

    private static string Left(IGrouping<string, string> copies) =>
        $"{TableList.All} reads each delivery once: {copies.Key} has the rows of {string.Join(", ", copies)}, which are read only by their names.";
}
