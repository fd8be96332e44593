using Sluice.Engine.Catalog;
using Sluice.Engine.Config;

namespace Sluice.Cli.Output;

/// <summary>The catalog for a terminal.</summary>
internal static class CatalogText
{
    public static string List(IReadOnlyList<Resource> resources)
    {
        var table = new TextTable("table", "primary key", "cursor", "strategy", "what a row is");
        foreach (var resource in resources)
        {
            table.Add(
                CatalogWords.Name(resource), string.Join(", ", resource.PrimaryKey), resource.CursorColumn ?? "-", CatalogWords.Strategy(resource),
                CatalogWords.FirstSentence(resource.Doc));
        }

        return $"{table}\nPeriods of metrics: hours, days, weeks, months. 'sluice tables NAME' shows a table's columns.\n";
    }

    public static string Describe(Resource resource)
    {
        var columns = new TextTable("column", "type", "what it means");
        foreach (var column in resource.Columns)
        {
            columns.Add(column.Name, CatalogWords.Type(column.Type), column.Doc);
        }

        var facts = CatalogWords.Facts(resource).Select(fact => $"{fact.Name}: {fact.Value}\n");
        var notes = resource.Notes.Select(note => $"- {note}\n");
        return $"{CatalogWords.Name(resource)}\n{resource.Doc}\n\n{string.Concat(facts)}\n{string.Concat(notes)}{Options(resource)}\n{columns}";
    }

    private static string Options(Resource resource)
    {
        var known = OptionReader.Known(resource, ResourceCatalog.Default);
        var options = new TextTable("option", "takes", "what it does");
        foreach (var option in known)
        {
            options.Add(option.Name, CatalogWords.Takes(option), option.Doc);
        }

        return known.Count == 0 ? "" : $"\n{options}";
    }
}
