using System.Text.RegularExpressions;
using Sluice.Destinations.Models;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Dbt;

/// <summary>A table of the package: a source and the staging model upon it.</summary>
/// <param name="Found">The table.</param>
internal sealed partial record DbtTable(FoundTable Found)
{
    // Names of the catalog's columns that mean something in SQL: the others need no quotes.
    private static readonly string[] Reserved = ["from", "group", "limit", "order", "row", "rows", "to", "user", "value"];

    private readonly Resource? _resource = TableName.TryParse(Found.Source, ResourceCatalog.Default, out var name, out _)
        ? ResourceCatalog.Default.Find(name.Resource)
        : null;

    /// <summary>The name of the source.</summary>
    public string Name => ModelCatalog.TableOf(Found.Source);

    /// <summary>The name of the staging model.</summary>
    public string Staging => $"stg_{DbtPackage.Project}__{Name}";

    /// <summary>The source as Jinja names it.</summary>
    public string Source => $"source('{DbtPackage.Project}', '{Name}')";

    /// <summary>The staging model as Jinja names it.</summary>
    public string Reference => $"ref('{Staging}')";

    /// <summary>What a row is.</summary>
    public string Doc => _resource?.Doc ?? Observed?.Doc ?? "";

    /// <summary>Where Customer.io describes it; empty for what Sluice keeps of its own.</summary>
    public string DocsUrl => _resource?.DocsUrl ?? "";

    /// <summary>Whether every load writes all of its rows anew, and with them the time of the load.</summary>
    public bool IsReplaced => _resource?.DefaultStrategy == Strategy.Replace;

    /// <summary>The columns by which a row is known, with the workspace where several stand in the table; none where that can't be told.</summary>
    public IReadOnlyList<string> Key =>
        _resource is { PrimaryKey: { Count: > 0 } key } && key.All(Found.Columns.ContainsKey)
            ? [.. key.Prepend(ModelScope.Workspace).Where(Found.Columns.ContainsKey).Distinct(StringComparer.Ordinal)]
            : [];

    /// <summary>The columns that come from the row of another table: with that table's resource and the one column that is its key.</summary>
    public IEnumerable<(string Column, string Resource, string Key)> Links =>
        from column in _resource?.Parent?.Columns.Keys ?? []
        where Found.Columns.ContainsKey(column)
        let above = Above(_resource!, column)
        where above is not null
        select (column, above.Value.Resource, above.Value.Key);

    private ObservationRule? Observed =>
        ResourceCatalog.Default.Resources.Select(resource => resource.Observed).FirstOrDefault(rule => rule?.Table == Found.Source);

    /// <summary>What a column means; empty for one that the catalog does not know.</summary>
    public string DocOf(string column)
    {
        var known = _resource?.Columns ?? Observed?.Columns.Append(ObservationRule.ObservedAt) ?? [];
        return known.FirstOrDefault(one => one.Name.Equals(column, StringComparison.OrdinalIgnoreCase)) is { Doc.Length: > 0 } found ? found.Doc
            : TableDocs.OfSluice.GetValueOrDefault(column)
                ?? (column == ModelScope.Workspace ? "The workspace, where several are read into the same tables." : "");
    }

    /// <summary>Whether a name must be quoted where a test names it.</summary>
    public static bool IsOdd(string column) => Reserved.Contains(column, StringComparer.Ordinal) || !Plain().IsMatch(column);

    // A grandparent's id is passed on: it is a key in the grandparent's table only.
    private static (string Resource, string Key)? Above(Resource resource, string column) =>
        resource.Parent is { } parent && parent.Columns.TryGetValue(column, out var there)
            && ResourceCatalog.Default.Find(parent.Resource) is { } found
            ? found.PrimaryKey is [var only] && only == there ? (found.Name, only) : Above(found, there)
            : null;

    [GeneratedRegex("^[a-z_][a-z0-9_]*$", RegexOptions.NonBacktracking)]
    private static partial Regex Plain();
}
