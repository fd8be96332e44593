using Sluice.Engine.Catalog;

namespace Sluice.Engine.Load;

/// <summary>What a table and its columns mean, for a warehouse to show as comments.</summary>
/// <param name="Table">What a row is, and where it comes from; empty for nothing.</param>
/// <param name="Columns">What a value means, by column.</param>
public sealed record TableDocs(string Table, IReadOnlyDictionary<string, string> Columns)
{
    /// <summary>What the columns mean that Sluice adds to every table.</summary>
    public static IReadOnlyDictionary<string, string> OfSluice { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        [SystemColumns.DeletedAt] = "When Customer.io no longer had the row; NULL for rows that it has.",
        ["_sluice_loaded_at"] = "When Sluice loaded the row.",
        ["_sluice_run_id"] = "The run that loaded the row.",
    };

    /// <summary>Nothing to say.</summary>
    public static TableDocs None { get; } = new("", new Dictionary<string, string>());

    /// <summary>The catalog's words for the table of a job; columns that the user has renamed by their own names.</summary>
    public static TableDocs Of(Resource resource, IReadOnlyDictionary<string, string> renames)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(renames);
        var columns = new Dictionary<string, string>(OfSluice, StringComparer.OrdinalIgnoreCase);
        foreach (var column in resource.Columns.Where(column => column.Doc.Length > 0))
        {
            columns.TryAdd(renames.GetValueOrDefault(column.Name, column.Name), column.Doc);
        }

        return new TableDocs($"{resource.Doc} {resource.DocsUrl}".Trim(), columns);
    }
}
