using System.Text.Json;

namespace Sluice.Engine.Catalog;

/// <summary>All resources that can be read, found by name.</summary>
public sealed class ResourceCatalog
{
    private static readonly Lazy<ResourceCatalog> LazyDefault = new(() => new ResourceCatalog(CatalogReader.ReadEmbedded()));
    private readonly Dictionary<string, Resource> _byName;

    internal ResourceCatalog(IEnumerable<Resource> resources)
    {
        Resources = [.. resources.OrderBy(resource => resource.Name, StringComparer.Ordinal)];
        _byName = Resources
            .SelectMany(resource => resource.Aliases.Prepend(resource.Name).Select(name => KeyValuePair.Create(name, resource)))
            .ToDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The catalog that ships with Sluice, read once from the embedded files.</summary>
    public static ResourceCatalog Default => LazyDefault.Value;

    /// <summary>The resources by name, in alphabetical order.</summary>
    public IReadOnlyList<Resource> Resources { get; }

    /// <summary>All table names: one for each resource, and one for each period of a metrics resource.</summary>
    public IReadOnlyList<TableName> Tables => field ??= [.. Resources.SelectMany(TablesOf)];

    /// <summary>The resource with that name or alias, case-insensitive, or null.</summary>
    public Resource? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The names most similar to <paramref name="name"/>, best first; dissimilar names are left out.</summary>
    public IReadOnlyList<string> Nearest(string name, int count) =>
        [.. NameDistance.Nearest(name, _byName.Keys, count * 3).Select(found => _byName[found].Name).Distinct(StringComparer.Ordinal).Take(count)];

    private static IEnumerable<TableName> TablesOf(Resource resource) =>
        resource.TakesPeriod
            ? Enum.GetValues<MetricsPeriod>().Select(period => new TableName(resource.Name, period))
            : [new TableName(resource.Name, null)];

    /// <summary>The options that a resource takes: its own and those of the resources that lead to it.</summary>
    public IReadOnlyList<ResourceOption> OptionsOf(Resource resource)
    {
        var known = new List<ResourceOption>();
        for (var one = resource; one is not null; one = one.Parent is { } binding ? Find(binding.Resource) : null)
        {
            known.AddRange(one.Options.Where(option => known.TrueForAll(other => other.Name != option.Name)));
        }

        return known;
    }
}

// Reads the embedded files by hand, because every command waits for it: a generated serializer takes three times as long,
// nearly all of it for compiling code that runs once.
internal sealed class CatalogReader
{
    private readonly Dictionary<string, List<Column>> _sets = [];
    private readonly Dictionary<string, List<ResourceOption>> _options = [];

    public static List<Resource> ReadEmbedded()
    {
        const string folder = "Catalog/";
        var assembly = typeof(CatalogReader).Assembly;
        var files = new List<CatalogEntry>();
        foreach (var name in assembly.GetManifestResourceNames())
        {
            if (name.StartsWith(folder, StringComparison.Ordinal))
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                files.Add(Open(name, stream));
            }
        }

        return Read(files);
    }

    public static CatalogEntry Open(string name, Stream json) => new(JsonDocument.Parse(json).RootElement, name);

    // Shared lists of columns and options can be in any file, so they are read before the first resource.
    public static List<Resource> Read(IReadOnlyCollection<CatalogEntry> files)
    {
        var reader = new CatalogReader();
        foreach (var file in files)
        {
            Keep(file.Entry("columnSets"), reader._sets, Column);
            Keep(file.Entry("optionSets"), reader._options, Option);
        }

        return [.. files.SelectMany(file => file.End(file.List("resources", reader.Resource)))];
    }

    private static void Keep<T>(CatalogEntry? sets, Dictionary<string, List<T>> kept, Func<CatalogEntry, T> read)
        where T : class
    {
        foreach (var name in sets?.Names() ?? [])
        {
            kept.Add(name, sets!.List(name, read));
        }
    }

    private Resource Resource(CatalogEntry entry) => entry.End(WithAnswer(entry, new Resource
    {
        Name = entry.Needed("name"),
        Doc = entry.Needed("doc"),
        DocsUrl = entry.Needed("docsUrl"),
        Method = entry.Text("method") ?? "GET",
        Path = entry.Needed("path"),
        PersonPath = entry.Text("personPath"),
        PersonParent = entry.Text("personParent"),
        Body = entry.Json("body"),
        Query = entry.Map("query"),
        Variants = entry.List("variants", Variant),
        Batch = entry.Entry("batch") is { } batch ? Batch(batch) : null,
        RootKeys = entry.Texts("rootKeys"),
        ItemKey = entry.Text("itemKey"),
        ScalarName = entry.Text("scalarName"),
        Paged = entry.Flag("paged"),
        PageSize = entry.Number("pageSize"),
        MaxPageSize = entry.Number("maxPageSize"),
        Reading = entry.Choice<ReadingKind>("reading"),
        Parent = entry.Entry("parent") is { } parent ? Parent(parent) : null,
        Window = entry.Entry("window") is { } window ? Window(window) : null,
        Metrics = entry.Choice<MetricsStyle>("metrics"),
        PrimaryKey = entry.Texts("primaryKey"),
        CursorColumn = entry.Text("cursorColumn"),
        CursorFilter = entry.Choice<CursorFilter>("cursorFilter"),
        DefaultStrategy = entry.Choice<Strategy>("defaultStrategy"),
        Columns = Columns(entry),
        SharedWith = entry.Text("sharedWith"),
        RowFilter = entry.Text("rowFilter"),
        NewestFirstBy = entry.Text("newestFirstBy"),
        Forgets = entry.Flag("forgets"),
        Redactions = entry.List("redactions", Redaction),
        Notes = entry.Texts("notes"),
        Flatten = entry.Entry("flatten") is { } flatten ? Flatten(flatten) : null,
        Options = Options(entry),
        Aliases = [.. entry.Texts("aliases"), .. VendorWords.NamesOf(entry.Needed("name"))],
        ExportParents = entry.List("exportParents", ExportParent),
    }));

    // Properties that only some resources have.
    private static Resource WithAnswer(CatalogEntry entry, Resource resource) => resource with
    {
        Paging = entry.Choice<PagingStyle>("paging"),
        UsualPageSize = entry.Number("usualPageSize"),
        Lines = entry.Flag("lines"),
        Explode = entry.Text("explode"),
        Unpivot = entry.Entry("unpivot") is { } unpivot ? unpivot.End(new UnpivotRule(unpivot.Needed("name"), unpivot.Needed("value"))) : null,
        RowIndex = entry.Text("rowIndex"),
        Count = entry.Entry("count") is { } count ? Count(count) : null,
        SeriesOf = entry.Text("seriesOf"),
        HasLanguageVariants = entry.Flag("languageVariants"),
        ListedIn = entry.Text("listedIn"),
        OnRequest = entry.Flag("onRequest"),
        HashableKeys = entry.Texts("hashableKeys"),
        Within = entry.Text("within"),
        Observed = entry.Entry("observed") is { } observed ? Observed(observed) : null,
    };

    private static ObservationRule Observed(CatalogEntry entry) =>
        entry.End(new ObservationRule(entry.Needed("table"), entry.Needed("doc")) { Columns = entry.List("columns", Column) });

    private FlattenRule Flatten(CatalogEntry entry) =>
        entry.End(new FlattenRule(entry.Needed("field"), entry.Text("prefix") ?? "") { Columns = Shared(entry, "columns") });

    private List<Column> Columns(CatalogEntry entry) => [.. entry.List("columns", Column), .. Shared(entry, "include")];

    private List<Column> Shared(CatalogEntry entry, string key)
    {
        var columns = new List<Column>();
        foreach (var name in entry.Texts(key))
        {
            columns.AddRange(_sets.GetValueOrDefault(name) ?? throw entry.Problem($"there is no list of columns \"{name}\""));
        }

        return columns;
    }

    private List<ResourceOption> Options(CatalogEntry entry)
    {
        var options = entry.List("options", Option);
        foreach (var name in entry.Texts("takes"))
        {
            options.AddRange(_options.GetValueOrDefault(name) ?? throw entry.Problem($"there is no list of options \"{name}\""));
        }

        return options;
    }

    private static Column Column(CatalogEntry entry)
    {
        var column = new Column(entry.Needed("name"), entry.Choice<ColumnType>("type"), entry.Needed("doc"));
        return entry.End(column with { Source = entry.Text("source") ?? column.Name, NotBefore = entry.Number("notBefore") });
    }

    private static ResourceOption Option(CatalogEntry entry) => entry.End(new ResourceOption
    {
        Name = entry.Needed("name"),
        Doc = entry.Needed("doc"),
        Kind = entry.Choice<OptionKind>("kind"),
        Values = entry.Texts("values"),
        Many = entry.Flag("many"),
        Query = entry.Text("query"),
        Body = entry.Text("body"),
        Route = entry.Text("route"),
        Column = entry.Text("column"),
        Lookup = entry.Text("lookup"),
    });

    private static RequestVariant Variant(CatalogEntry entry) => entry.End(new RequestVariant
    {
        Query = entry.Map("query"),
        Route = entry.Map("route"),
        Columns = entry.Map("columns"),
        Body = entry.Json("body"),
    });

    private static CountRule Count(CatalogEntry entry) =>
        entry.End(new CountRule { Path = entry.Text("path"), Key = entry.Text("key") ?? "count", Column = entry.Text("column") });

    private static BatchRule Batch(CatalogEntry entry) =>
        entry.End(new BatchRule(entry.Needed("key"), entry.Number("maxItems") ?? 1));

    private static Redaction Redaction(CatalogEntry entry) =>
        entry.End(new Redaction(entry.Needed("column"), entry.Choice<RedactionRule>("rule")));

    private static ParentBinding Parent(CatalogEntry entry) => entry.End(new ParentBinding
    {
        Resource = entry.Needed("resource"),
        Route = entry.Map("route"),
        Columns = entry.Map("columns"),
    });

    private static ExportParent ExportParent(CatalogEntry entry)
    {
        var option = entry.Needed("option");
        var binding = new ParentBinding
        {
            Resource = entry.Needed("resource"),
            Route = new Dictionary<string, string> { [option] = "id" },
            Columns = entry.Map("columns"),
        };
        return entry.End(new ExportParent(option, binding, entry.Needed("notBefore")));
    }

    private static WindowRule Window(CatalogEntry entry) => entry.End(new WindowRule
    {
        MaxDays = entry.Number("maxDays") ?? 0,
        Column = entry.Needed("column"),
        StartParameter = entry.Text("startParameter") ?? "start_ts",
        EndParameter = entry.Text("endParameter") ?? "end_ts",
        NotBefore = entry.Text("notBefore"),
    });
}
