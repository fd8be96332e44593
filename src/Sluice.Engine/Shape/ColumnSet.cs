using Sluice.CustomerIo;
using Sluice.Engine.Catalog;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Shape;

/// <summary>A table's columns: the catalog's, and after them every field that records brought and the catalog does not know.</summary>
internal sealed class ColumnSet
{
    private readonly List<TableColumn> _columns = [];
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _knownFields = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, ColumnType> _overrides;

    public ColumnSet(Resource resource, IReadOnlyDictionary<string, ColumnType> overrides)
    {
        _overrides = overrides;
        foreach (var column in resource.Columns)
        {
            AddFromCatalog(resource, column);
        }

        foreach (var name in resource.Parent?.Columns.Keys ?? [])
        {
            if (!_names.Contains(name))
            {
                Add(name, ColumnType.Text, [[RowStamp.NameOf(name)]]);
            }
        }
    }

    public IReadOnlyList<TableColumn> All => _columns;

    /// <summary>Makes a column for each field not seen before; gives the new ones.</summary>
    public IReadOnlyList<TableColumn> AddNew(FieldKinds fields)
    {
        var added = new List<TableColumn>();
        foreach (var (field, kinds) in fields.Kinds.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            // A field that has only been null so far says nothing of its type: it becomes a column when it has a value.
            if (RowStamp.IsStamp(field) || (kinds & ~JsonKinds.Null) == JsonKinds.None || !_knownFields.Add(field))
            {
                continue;
            }

            added.Add(Add(field, TypeOf(kinds), [[field]]));
        }

        return added;
    }

    private void AddFromCatalog(Resource resource, Column column)
    {
        var sources = column.Sources.Select(source => (IReadOnlyList<string>)source.Split('.')).ToList();
        foreach (var source in sources)
        {
            _knownFields.Add(source[0]);
        }

        if (resource.Parent?.Columns.ContainsKey(column.Name) == true)
        {
            sources = [[RowStamp.NameOf(column.Name)]];
        }

        Add(column.Name, column.Type, sources);
    }

    private TableColumn Add(string wanted, ColumnType type, IReadOnlyList<IReadOnlyList<string>> sources)
    {
        var name = wanted.Length == 0 ? "_" : wanted;
        for (var n = 2; !_names.Add(name); n++)
        {
            name = $"{wanted}_{n}";
        }

        var column = new TableColumn(name, _overrides.GetValueOrDefault(name, type), sources);
        _columns.Add(column);
        return column;
    }

    private static ColumnType TypeOf(JsonKinds kinds) => (kinds & ~JsonKinds.Null) switch
    {
        JsonKinds.Boolean => ColumnType.Boolean,
        JsonKinds.Integer => ColumnType.Bigint,
        JsonKinds.Fraction or (JsonKinds.Fraction | JsonKinds.Integer) => ColumnType.Double,
        JsonKinds.Object or JsonKinds.Array or (JsonKinds.Object | JsonKinds.Array) => ColumnType.Json,
        _ => ColumnType.Text,
    };
}
