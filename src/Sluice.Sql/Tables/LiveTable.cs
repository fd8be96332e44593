using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Shape;

namespace Sluice.Sql.Tables;

/// <summary>A table that can be queried: a resource of the catalog, with its period where it has one.</summary>
public sealed class LiveTable
{
    /// <summary>The column that has all attributes of a person.</summary>
    internal const string AttributesColumn = "attributes";

    private readonly string? _name;

    internal LiveTable(TableName source, Resource resource, Resource? details)
    {
        (Source, Resource, Details) = (source, resource, details);
        var more = details is null ? [] : ColumnsOf(details).Where(column => !IsOwn(column.Name) && !details.PrimaryKey.Contains(column.Name));
        Columns = [.. ColumnsOf(resource), .. more];
    }

    private LiveTable(LiveTable table, IReadOnlyList<string> attributes)
    {
        (_name, Source, Resource, Details, Options, Attributes) =
            (table._name, table.Source, table.Resource, table.Details, table.Options, attributes);
        Columns =
        [
            .. table.Columns,
            .. attributes.Select(name => new Column(name, ColumnType.Text, "The attribute of that name, as text; NULL for people without it.")),
        ];
    }

    private LiveTable(string name, LiveTable table, OptionValues options)
    {
        (_name, Source, Resource, Columns, Options) = (name, table.Source, table.Resource, table.Columns, options);
        Doc = $"The rows that {table.Name} has with {options}.";
    }

    /// <summary>The name in SQL: <c>campaign_metrics_days</c> for the days of campaign metrics.</summary>
    public string Name => _name ?? Source.TableIdentifier;

    /// <summary>What a row is.</summary>
    public string Doc { get => field ?? Resource.Doc; private init; }

    /// <summary>The columns in order.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>The resource that is read.</summary>
    public Resource Resource { get; }

    /// <summary>Other names of the table, such as those in other connectors.</summary>
    public IEnumerable<string> Aliases => _name is not null ? []
        : Source.Period is { } period
        ? Resource.Aliases.Select(alias => $"{alias}_{TableName.Word(period)}")
        : Resource.Aliases;

    internal TableName Source { get; }

    /// <summary>The resource that has further columns of the same rows, at a further price; null for most.</summary>
    internal Resource? Details { get; }

    /// <summary>The options with which its rows are asked for; none for most.</summary>
    internal OptionValues Options { get; } = OptionValues.None;

    /// <summary>The attributes of people that are columns in this query, behind the table's own.</summary>
    internal IReadOnlyList<string> Attributes { get; } = [];

    internal string CreateSql =>
        $"CREATE TABLE {DuckDBIdentifier.Quote(Name)} ("
        + string.Join(", ", Columns.Select(column => $"{DuckDBIdentifier.Quote(column.Name)} {SqlType.Of(column.Type)}")) + ")";

    internal IEnumerable<string> CreateAliasesSql => Aliases.Select(alias =>
        $"CREATE VIEW {DuckDBIdentifier.Quote(alias)} AS SELECT * FROM {DuckDBIdentifier.Quote(Name)}");

    /// <summary>The resource that must be read when some columns are used.</summary>
    internal Resource ReadFor(IReadOnlySet<string> used) => Details is not null && !used.All(IsOwn) ? Details : Resource;

    /// <summary>The same table with attributes of people as further columns.</summary>
    internal LiveTable WithAttributes(IReadOnlyList<string> names) => new(this, names);

    /// <summary>Other rows of the same resource, which it gives only with an option.</summary>
    internal LiveTable Named(string name, OptionValues options) => new(name, this, options);

    internal bool IsAttribute(string column) => Attributes.Contains(column, StringComparer.Ordinal);

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
        : this(catalog, [.. catalog.Tables.Select(name => Of(catalog, name)).OfType<LiveTable>().SelectMany(WithDrafts)])
    {
    }

    private LiveTables(ResourceCatalog catalog, IReadOnlyList<LiveTable> all)
    {
        (Catalog, All) = (catalog, all);
        _byName = all.ToDictionary(table => table.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The tables by name.</summary>
    public IReadOnlyList<LiveTable> All { get; }

    internal ResourceCatalog Catalog { get; }

    /// <summary>The table of people.</summary>
    internal LiveTable People => All.First(table => table.Resource.Reading == ReadingKind.People);

    /// <summary>The same tables, people with attributes as further columns.</summary>
    internal LiveTables WithAttributes(IReadOnlyList<string> names) =>
        new(Catalog, [.. All.Select(table => table == People ? table.WithAttributes(names) : table)]);

    /// <summary>The table with that name, or null.</summary>
    internal LiveTable? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The table of a resource that has no periods.</summary>
    internal LiveTable OfResource(Resource resource) => All.First(table => table.Resource.Name == resource.Name);

    // Drafts are no part of the deliveries, and the API gives them only by themselves.
    private static IEnumerable<LiveTable> WithDrafts(LiveTable table) => table.Name == "messages"
        ? [table, table.Named("message_drafts", OptionValues.None.With("drafts", "true"))]
        : [table];

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
