using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Shape;

namespace Sluice.Sql.Tables;

/// <summary>A table that can be queried: a resource of the catalog, with its period where it has one.</summary>
public sealed class LiveTable
{
    internal LiveTable(TableName source, Resource resource, Resource? details)
    {
        (Source, Resource, Details) = (source, resource, details);
        var more = details is null ? [] : ColumnsOf(details).Where(column => !IsOwn(column.Name) && !details.PrimaryKey.Contains(column.Name));
        Columns = [.. ColumnsOf(resource), .. more];
    }

    /// <summary>The name in SQL: <c>campaign_metrics_days</c> for the days of campaign metrics.</summary>
    public string Name => Source.TableIdentifier;

    /// <summary>The columns in order.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>The resource that is read.</summary>
    public Resource Resource { get; }

    /// <summary>Other names of the table, such as those in other connectors.</summary>
    public IEnumerable<string> Aliases => Source.Period is { } period
        ? Resource.Aliases.Select(alias => $"{alias}_{TableName.Word(period)}")
        : Resource.Aliases;

    internal TableName Source { get; }

    /// <summary>The resource that has further columns of the same rows, at a further price; null for most.</summary>
    internal Resource? Details { get; }

    internal string CreateSql =>
        $"CREATE TABLE {DuckDBIdentifier.Quote(Name)} ("
        + string.Join(", ", Columns.Select(column => $"{DuckDBIdentifier.Quote(column.Name)} {SqlType.Of(column.Type)}")) + ")";

    internal IEnumerable<string> CreateAliasesSql => Aliases.Select(alias =>
        $"CREATE VIEW {DuckDBIdentifier.Quote(alias)} AS SELECT * FROM {DuckDBIdentifier.Quote(Name)}");

    /// <summary>The resource that must be read when some columns are used.</summary>
    internal Resource ReadFor(IReadOnlySet<string> used) => Details is not null && !used.All(IsOwn) ? Details : Resource;

    internal bool Has(string column) => Columns.Any(one => one.Name == column);

    /// <summary>The type of a column.</summary>
    internal ColumnType TypeOf(string column) => Columns.First(one => one.Name == column).Type;

    private bool IsOwn(string column) => Resource.Columns.Any(own => own.Name == column);

    // As a load makes them: the catalog's, then those that only the parent's row fills.
    private static IEnumerable<Column> ColumnsOf(Resource resource) => resource.Columns.Concat(
        (resource.Parent?.Columns.Keys ?? [])
            .Where(name => resource.Columns.All(column => column.Name != name))
            .Select(name => new Column(name, ColumnType.Text, "Of the row that leads here.")));
}

/// <summary>All tables that can be queried.</summary>
public sealed class LiveTables
{
    private readonly Dictionary<string, LiveTable> _byName;

    internal LiveTables(ResourceCatalog catalog)
    {
        Catalog = catalog;
        All = [.. catalog.Tables.Select(name => Of(catalog, name)).OfType<LiveTable>()];
        _byName = All.ToDictionary(table => table.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The tables by name.</summary>
    public IReadOnlyList<LiveTable> All { get; }

    internal ResourceCatalog Catalog { get; }

    /// <summary>The table with that name, or null.</summary>
    internal LiveTable? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The table of a resource that has no periods.</summary>
    internal LiveTable OfResource(Resource resource) => All.First(table => table.Resource.Name == resource.Name);

    // An export is a file that Customer.io makes on request, within minutes: no answer to a query.
    private static LiveTable? Of(ResourceCatalog catalog, TableName name)
    {
        var resource = catalog.Find(name.Resource)!;
        return resource.Reading == ReadingKind.Export ? null
            : new LiveTable(name, resource, resource.Reading == ReadingKind.People ? DetailsOf(catalog, resource) : null);
    }

    // People come with their identifiers; what else is known of them is looked up.
    private static Resource? DetailsOf(ResourceCatalog catalog, Resource people) => catalog.Resources.FirstOrDefault(
        resource => resource.Reading == ReadingKind.Hydrate && resource.Parent?.Resource == people.Name);
}
