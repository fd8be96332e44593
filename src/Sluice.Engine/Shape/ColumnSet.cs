using Sluice.CustomerIo;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;

namespace Sluice.Engine.Shape;

/// <summary>A table's columns: the catalog's, followed by one for every new field, as far as the schema contract allows.</summary>
internal sealed class ColumnSet
{
    private const int MostTold = 20;

    private readonly List<TableColumn> _columns = [];
    private readonly ColumnNames _names;
    private readonly HashSet<string> _catalogFields = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonKinds> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KnownColumn> _known = new(StringComparer.Ordinal);
    private readonly ShapeOptions _options;
    private KnownColumn? _knownExtra;

    public ColumnSet(ShapeOptions options)
    {
        _options = options;
        _names = new ColumnNames(options.Names);
        foreach (var column in options.Resource.Columns.Concat(KeptMembers(options)))
        {
            AddFromCatalog(options.Resource, column);
        }

        foreach (var name in (options.Resource.Parent?.Columns.Keys ?? []).Where(name => !_names.IsTaken(name)))
        {
            AddOfCatalog(name, ColumnType.Text, [[InjectedColumns.NameOf(name)]]);
        }

        Remember(
            options.StartsOver ? [.. options.Known.Where(column => column.IsStaged || _names.CanBe(column.Name))] : options.Known);
    }

    public IReadOnlyList<TableColumn> All => _columns;

    /// <summary>The schema changes that the table requires.</summary>
    public IEnumerable<SchemaChange> Changes => _columns.Where(column => _options.Keeps(column.Name)).Select(ChangeOf).OfType<SchemaChange>();

    /// <summary>Whether the field has no column, so that its values go to the column for extra fields.</summary>
    public bool IsExtra(string field) => !_catalogFields.Contains(field) && !_places.ContainsKey(field);

    /// <summary>Assigns every field with a value a column that is wide enough, or the column for extra fields.</summary>
    /// <exception cref="SluiceException">The schema contract forbids the required change (kind Schema).</exception>
    public void Fit(FieldProfile fields)
    {
        var refused = new List<string>();
        foreach (var (field, kinds) in fields.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            if (InferredType.HasValue(kinds) && !_catalogFields.Contains(field) && Refusal(field, kinds) is { } why)
            {
                refused.Add(why);
            }
        }

        if (refused.Count > 0)
        {
            throw Frozen(refused);
        }
    }

    private string? Refusal(string field, JsonKinds kinds)
    {
        if (_options.Contract == SchemaContract.Freeze && _known.GetValueOrDefault(field)?.InTable is null)
        {
            return $"{Shown(field)} is new";
        }

        return _places.ContainsKey(field) || Places(field, kinds) ? Widen(_places[field], field, kinds) : null;
    }

    private bool Places(string field, JsonKinds kinds)
    {
        if (_known.GetValueOrDefault(field) is { InTable: not null } known)
        {
            Add(field, known.Type, known);
            return true;
        }

        switch (_options.Contract)
        {
            case SchemaContract.Evolve:
                Add(field, InferredType.Of(kinds), _known.GetValueOrDefault(field));
                return true;
            case SchemaContract.Json when !_columns.Exists(column => column.Origin == ColumnOrigin.Extra):
                AddExtra();
                return false;
            default:
                return false;
        }
    }

    private string? Widen(int place, string field, JsonKinds kinds)
    {
        var column = _columns[place];
        var seen = _seen[field] |= kinds;
        var type = InferredType.Of(seen);
        if (!column.MayWiden)
        {
            return null;
        }

        if (_options.Contract == SchemaContract.Freeze && _known.GetValueOrDefault(field)?.InTable is { } had && had != type)
        {
            return $"{Shown(field)} is {SqlType.Of(had)} in the table and would become {SqlType.Of(type)}";
        }

        _columns[place] = column with { Type = type };
        return null;
    }

    private void AddFromCatalog(Resource resource, Column column)
    {
        var sources = column.Sources.Select(source => (IReadOnlyList<string>)source.Split('.')).ToList();
        foreach (var source in sources)
        {
            _catalogFields.Add(source[0]);
        }

        if (resource.IsInjected(column.Name))
        {
            sources = [[InjectedColumns.NameOf(column.Name)]];
        }

        AddOfCatalog(column.Name, column.Type, sources, column.NotBefore);
    }

    // A table that was once given columns for the members of an object keeps them right, whoever loads it: stale ones would contradict the object.
    private static IEnumerable<Column> KeptMembers(ShapeOptions options) =>
        (options.Resource.Flatten?.Columns ?? []).Where(member =>
            !options.Resource.Columns.Any(column => column.Source == member.Source)
            && options.Known.Any(column => column is { IsMapped: false, InTable: ColumnType.Timestamp } && column.Name == member.Name));

    private void AddOfCatalog(string name, ColumnType type, IReadOnlyList<IReadOnlyList<string>> sources, long? notBefore = null)
    {
        _names.Take(name);
        _catalogFields.UnionWith(sources.Select(source => source[0]).Where(InjectedColumns.IsInjected));
        _columns.Add(
            new TableColumn(name, _options.TypeOverrides.GetValueOrDefault(name, type), sources)
            {
                FirstSecond = notBefore ?? IsoTime.FirstUnixSecond,
            });
    }

    // Existing columns, and those staged by a stopped run, are part of every row, so that missing fields become NULL in merged rows.
    private void Remember(IReadOnlyList<KnownColumn> known)
    {
        _knownExtra = known.FirstOrDefault(column => column.Field is null);
        foreach (var column in known.Where(column => column.Field is not null && !_catalogFields.Contains(column.Field)))
        {
            _known.TryAdd(column.Field!, column);
            _names.Keep(column.Name, column.Field!);
        }

        foreach (var column in _known.Values.Where(column => column.IsMapped && (column.InTable is not null || column.IsStaged)).ToList())
        {
            Add(column.Field!, column.Type, column);
        }

        if (_knownExtra is { InTable: not null } or { IsStaged: true })
        {
            AddExtra();
        }
    }

    private void Add(string field, ColumnType type, KnownColumn? known)
    {
        var name = _names.For(_options.NameOf(field), field, known?.Name);
        var isSet = _options.TypeOverrides.TryGetValue(name, out var set);
        _places[field] = _columns.Count;
        _seen[field] = InferredType.KindsOf(type, known?.HoldsLongIntegers == true);
        _columns.Add(new TableColumn(name, isSet ? set : type, [[field]])
        {
            Origin = ColumnOrigin.Field,

            // Types are never inferred as timestamps: the user set this one.
            MayWiden = !isSet && type is not (ColumnType.Timestamp or ColumnType.UnixTime),
        });
    }

    private void AddExtra()
    {
        _columns.Add(new TableColumn(TableColumn.ExtraName, ColumnType.Json, []) { Origin = ColumnOrigin.Extra });
    }

    // A name can contain anything, even terminal escape sequences.
    private static string Shown(string field) => EngineJson.Quote(field);

    private SchemaChange? ChangeOf(TableColumn column) =>
        column.Origin switch
        {
            ColumnOrigin.Catalog => null,
            ColumnOrigin.Extra => _knownExtra is { InTable: not null }
                ? null
                : Change(column, "added as JSON: it holds the fields that have no column of their own"),
            _ => _known.GetValueOrDefault(column.Field!)?.InTable is not { } had
                ? Change(
                    column,
                    $"added as {SqlType.Of(column.Type)}: " +
                        (_options.Flattening?.ColumnOf(column.Field!) is null
                            ? "Customer.io sent a field the catalog does not know"
                            : $"a member of {_options.Flattening.Rule.Field}")
                )
            : column.MayWiden && had != column.Type ? Change(column, $"widened from {SqlType.Of(had)} to {SqlType.Of(column.Type)}")
            : null,
        };

    private SchemaChange Change(TableColumn column, string change) => new(_options.Table, column.Name, change);

    private static string Told(List<string> refused) => refused.Count <= MostTold
        ? string.Join("; ", refused)
        : $"{string.Join("; ", refused.Take(MostTold))}; and {refused.Count - MostTold} more";

    private SluiceException Frozen(List<string> refused) => new(
        SluiceErrorKind.Schema,
        $"{_options.Table} is frozen, but Customer.io sent what it has no place for: {Told(refused)}. Nothing of this load was written to it.",
        "Run again with --schema-contract evolve (columns are added and widened) or json (new fields go into one JSON column).");
}
