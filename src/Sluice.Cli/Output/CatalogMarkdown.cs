using System.Text;
using Sluice.Engine.Catalog;

namespace Sluice.Cli.Output;

/// <summary>The catalog as Markdown, for <c>docs/tables.md</c>.</summary>
internal static class CatalogMarkdown
{
    public static string Write(IReadOnlyList<Resource> resources)
    {
        var text = new StringBuilder("# Tables\n\nMade by `sluice tables --markdown`; the catalog is the source.\n\n");
        text.Append("| table | primary key | cursor | strategy | what a row is |\n| --- | --- | --- | --- | --- |\n");
        foreach (var resource in resources)
        {
            text.Append(
                    $"| [{CatalogWords.Name(resource)}](#{resource.Name}) | {string.Join(", ", resource.PrimaryKey)} | " +
                        $"{resource.CursorColumn ?? "–"} "
                )
                .Append($"| {CatalogWords.Strategy(resource)} | {Cell(CatalogWords.FirstSentence(resource.Doc))} |\n");
        }

        text.Append("\nA period is hours, days, weeks or months. Every row also has `_sluice_loaded_at` and `_sluice_run_id`; ")
            .Append($"fields that the catalog does not know become columns behind the ones listed here.\n\n{VendorWords.Note}\n");
        foreach (var resource in resources)
        {
            Append(text, resource);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, Resource resource)
    {
        text.Append($"\n## {resource.Name}\n\n{Plain(resource.Doc)}\n\n");
        foreach (var (name, value) in CatalogWords.Facts(resource))
        {
            text.Append($"- {name}: {(name == "Endpoint" ? $"`{value}`" : value)}\n");
        }

        foreach (var note in resource.Notes)
        {
            text.Append($"- {Plain(note)}\n");
        }

        AppendOptions(text, ResourceCatalog.Default.OptionsOf(resource));
        AppendColumns(text, resource.Columns);
        if (CatalogWords.Members(resource) is { } members)
        {
            text.Append($"\n{members}\n");
            AppendColumns(text, resource.Flatten!.Columns);
        }

        if (resource.Observed is { } observed)
        {
            text.Append($"\n{CatalogWords.Observed(observed)}\n");
            AppendColumns(text, [.. observed.Columns, ObservationRule.ObservedAt]);
        }
    }

    private static void AppendColumns(StringBuilder text, IReadOnlyList<Column> columns)
    {
        text.Append("\n| column | type | what it means |\n| --- | --- | --- |\n");
        foreach (var column in columns)
        {
            text.Append($"| {column.Name} | {CatalogWords.Type(column.Type)} | {Cell(column.Doc)} |\n");
        }
    }

    private static void AppendOptions(StringBuilder text, IReadOnlyList<ResourceOption> options)
    {
        if (options.Count == 0)
        {
            return;
        }

        text.Append("\n| option | takes | what it does |\n| --- | --- | --- |\n");
        foreach (var option in options)
        {
            text.Append($"| {option.Name} | {Cell(CatalogWords.Takes(option))} | {Cell(option.Doc)} |\n");
        }
    }

    private static string Cell(string text) => Plain(text).Replace("|", "\\|", StringComparison.Ordinal);

    // Markdown would take <name> for HTML and show nothing.
    private static string Plain(string text) => text.Replace("<", "\\<", StringComparison.Ordinal);
}
