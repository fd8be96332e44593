using Sluice.Engine.Catalog;

namespace Sluice.Engine.Shape;

/// <summary>The user's settings for a table's columns and rows.</summary>
internal sealed record ShapeOptions
{
    public required Resource Resource { get; init; }

    /// <summary>The destination table's name, for the report.</summary>
    public required string Table { get; init; }

    public IReadOnlyList<string> PrimaryKey { get; init; } = [];

    public string? IncrementalKey { get; init; }

    public Interval Interval { get; init; } = Interval.All;

    public IReadOnlyDictionary<string, ColumnType> TypeOverrides { get; init; } = new Dictionary<string, ColumnType>(StringComparer.Ordinal);

    /// <summary>What to do with unknown fields.</summary>
    public SchemaContract Contract { get; init; }

    /// <summary>The destination's columns for fields that are not in the catalog; those created for a field come first.</summary>
    public IReadOnlyList<KnownColumn> Known { get; init; } = [];

    /// <summary>The column names that the destination allows.</summary>
    public NameRules Names { get; init; } = NameRules.Default;

    /// <summary>Columns to keep; empty for all. Keys are kept in any case.</summary>
    public IReadOnlySet<string> Only { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    public IReadOnlySet<string> Without { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Which members of the records' object stand beside their fields; null for none.</summary>
    public Flattening? Flattening { get; init; }

    /// <summary>Names that the user wants for columns of fields that the catalog does not know, by the name that they would have.</summary>
    public IReadOnlyDictionary<string, string> Renames { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The name that a field's column should have.</summary>
    public string NameOf(string field)
    {
        var name = Flattening?.ColumnOf(field) ?? field;
        return Renames.GetValueOrDefault(name, name);
    }

    public bool Keeps(string column) =>
        PrimaryKey.Contains(column, StringComparer.Ordinal)
        || ((Only.Count == 0 || Only.Contains(column)) && !Without.Contains(column));
}
