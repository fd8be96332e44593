using Sluice.Engine.Catalog;

namespace Sluice.Destinations.Models;

/// <summary>A table or a model that others are made from, as it is.</summary>
/// <param name="Name">The table as the catalog calls it, or the model.</param>
/// <param name="From">What stands for it behind FROM.</param>
/// <param name="Columns">Its columns with their types.</param>
internal sealed record ModelRelation(string Name, string From, IReadOnlyDictionary<string, ColumnType> Columns)
{
    /// <summary>The columns by which a row is known; empty where rows can't be there twice.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>The columns that the catalog does not know.</summary>
    public IReadOnlyList<string> More { get; init; } = [];

    /// <summary>Why columns can't be used that are there: their type is not the catalog's.</summary>
    public IReadOnlyDictionary<string, string> Unfit { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What to say where a column is lacking that a query would have had; for others it is said that there is no such column.</summary>
    public IReadOnlyDictionary<string, string> Absent { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A table of the destination, with the columns whose types are those that the catalog gives them.</summary>
    /// <param name="name">The table as the catalog calls it.</param>
    /// <param name="from">What stands for it behind FROM.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="hasJson">Whether the database has a type for JSON; elsewhere it is text.</param>
    public static ModelRelation Of(string name, string from, IReadOnlyDictionary<string, ColumnType> columns, bool hasJson)
    {
        var resource = TableName.TryParse(name, ResourceCatalog.Default, out var table, out _)
            ? ResourceCatalog.Default.Find(table.Resource)
            : null;
        var known = (resource?.Columns ?? []).ToDictionary(column => column.Name, column => column.Type, StringComparer.OrdinalIgnoreCase);
        var unfit = columns.Where(column => known.TryGetValue(column.Key, out var type) && !Fits(type, column.Value, hasJson))
            .ToDictionary(column => column.Key, column => Told(column.Value), StringComparer.OrdinalIgnoreCase);
        return new ModelRelation(
            name,
            from,
            columns.Where(column => !unfit.ContainsKey(column.Key)).ToDictionary(StringComparer.OrdinalIgnoreCase))
        {
            Key = resource?.PrimaryKey ?? [],
            More = [.. columns.Keys.Where(column => !known.ContainsKey(column) && !IsOwn(column))],
            Unfit = unfit,
        };
    }

    private static bool IsOwn(string column) => column.StartsWith("_sluice_", StringComparison.OrdinalIgnoreCase) || column == ModelScope.Workspace;

    private static bool Fits(ColumnType wanted, ColumnType found, bool hasJson) => (wanted, found) switch
    {
        (ColumnType.UnixTime, ColumnType.Timestamp) => true,
        (ColumnType.Json, ColumnType.Text) => !hasJson,
        _ => wanted == found,
    };

    private static string Told(ColumnType type) => type switch
    {
        ColumnType.Text => "text",
        ColumnType.Json => "JSON",
        ColumnType.Boolean => "a boolean",
        ColumnType.Timestamp or ColumnType.UnixTime => "a time",
        _ => "a number",
    };
}
