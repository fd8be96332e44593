using Sluice.Engine.Catalog;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Staging;

/// <summary>Puts together what is known of a table's columns: what the live table has, and what a stopped run has staged.</summary>
internal static class KnownFields
{
    /// <summary>Columns made for a field come first.</summary>
    public static IReadOnlyList<KnownColumn> Of(LiveTable live, IReadOnlyList<MappedColumn> staged)
    {
        var known = live.Mapping.Select(column => Column(column, live, isStaged: false)).ToList();
        foreach (var column in staged)
        {
            known.RemoveAll(other => string.Equals(other.Field, column.Field, StringComparison.Ordinal));
            known.Add(Column(column, live, isStaged: true));
        }

        var named = known.Select(column => column.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. known, .. live.Columns.Where(column => !named.Contains(column.Key) && !IsOwn(column.Key)).Select(column => SameName(column.Key, column.Value))];
    }

    /// <summary>The mapping once the staged rows are live; a field that was known keeps the run that added it.</summary>
    public static IReadOnlyList<MappedColumn> Merge(IReadOnlyList<MappedColumn> live, IReadOnlyList<MappedColumn> staged)
    {
        var merged = live.ToList();
        foreach (var column in staged)
        {
            var place = merged.FindIndex(other => string.Equals(other.Field, column.Field, StringComparison.Ordinal));
            if (place < 0)
            {
                merged.Add(column);
            }
            else
            {
                merged[place] = merged[place] with { Column = column.Column, Type = column.Type };
            }
        }

        return merged;
    }

    private static KnownColumn Column(MappedColumn column, LiveTable live, bool isStaged)
    {
        var inTable = live.Columns.TryGetValue(column.Column, out var type) ? type : (ColumnType?)null;
        return new KnownColumn(column.Field, column.Column, isStaged ? SqlType.Parse(column.Type) : inTable ?? SqlType.Parse(column.Type))
        {
            InTable = inTable,
            IsMapped = true,
            IsStaged = isStaged,
            HoldsLongIntegers = live.LongIntegers.Contains(column.Column),
        };
    }

    // Tables from before the mapping was kept, and columns that somebody added: what they hold is not known.
    private static KnownColumn SameName(string name, ColumnType type) => new(name, name, type) { InTable = type, HoldsLongIntegers = true };

    private static bool IsOwn(string name) =>
        name.StartsWith("_sluice_", StringComparison.OrdinalIgnoreCase) || name.Equals(TableColumn.ExtraName, StringComparison.OrdinalIgnoreCase);
}
