using DuckDB.NET.Data;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Shape;

namespace Sluice.Engine.Load.Staging;

/// <summary>Which column each field of a table has: what the live table has, and what a stopped run has staged.</summary>
public static class ColumnMapping
{
    /// <summary>Puts together what is known of a table's columns; those made for a field come first.</summary>
    internal static IReadOnlyList<KnownColumn> Known(LiveTable live, IReadOnlyList<MappedColumn> staged)
    {
        var known = live.Mapping.Select(column => Column(column, live, isStaged: false)).ToList();
        foreach (var column in staged)
        {
            known.RemoveAll(other => string.Equals(other.Field, column.Field, StringComparison.Ordinal));
            known.Add(Column(column, live, isStaged: true));
        }

        var named = known.Select(column => column.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. known,
            .. live.Columns.Where(column => !named.Contains(column.Key) && !IsOwn(column.Key)).Select(column => SameName(column.Key, column.Value)),
        ];
    }

    /// <summary>The columns that fields were given, without the rows about masks.</summary>
    public static IReadOnlyList<MappedColumn> OfFields(IEnumerable<MappedColumn> mapping) => [.. mapping.Where(column => column.Mask is null)];

    /// <summary>
    /// The mapping once the staged rows are live; a field that was known keeps the run that added it, and a mask the run that it holds from on.
    /// </summary>
    public static IReadOnlyList<MappedColumn> Merge(IReadOnlyList<MappedColumn> live, IReadOnlyList<MappedColumn> staged, Checkpoint checkpoint)
    {
        var merged = live.ToList();
        foreach (var mask in checkpoint.Masked)
        {
            var place = merged.FindIndex(other =>
                other.Mask is not null && string.Equals(other.Field, mask.Field, StringComparison.OrdinalIgnoreCase));
            if (place < 0)
            {
                merged.Add(mask);
            }
            else if (merged[place].Mask != mask.Mask)
            {
                merged[place] = mask;
            }
        }

        foreach (var column in staged)
        {
            var place = merged.FindIndex(other => other.Mask is null && string.Equals(other.Field, column.Field, StringComparison.Ordinal));
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

    /// <summary>Reads the mapping of one table of a DuckDB database, in the order in which columns were added.</summary>
    internal static Task<IReadOnlyList<MappedColumn>> ReadAsync(DuckDBConnection connection, string schema, string table, CancellationToken cancel) =>
        connection.ListAsync(
            $"SELECT {SystemTable.Mapping.Names} FROM {StagingTables.Name(connection.Database, schema, SystemTable.Mapping.Name)} WHERE " +
                $"table_name = $table ORDER BY rowid",
            row => SystemTable.Mapping.Parse(
                $"{schema}.{SystemTable.Mapping.Name}",
                (place, type) =>
                    row.IsDBNull(place) ? null
                    : type == ColumnType.Timestamp ? row.GetFieldValue<DateTimeOffset>(place)
                    : (object)row.GetString(place)).Column,
            cancel,
            ("table", table));

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
        SystemColumns.IsOwn(name) || name.Equals(TableColumn.ExtraName, StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// The column that a field of the records was given for good: names that differ only by case would otherwise change places with the order in which
/// they come.
/// </summary>
/// <param name="Field">The field; null for the column that holds all fields without one of their own.</param>
/// <param name="Column">The column's name.</param>
/// <param name="Type">Its type in DuckDB's words, whatever the destination calls it.</param>
/// <param name="RunId">The run that added it.</param>
/// <param name="AddedAt">When that was.</param>
public sealed record MappedColumn(string? Field, string Column, string Type, string RunId, DateTimeOffset AddedAt)
{
    /// <summary>
    /// How the field is masked, such as <c>redact</c>, or <c>none</c> once it is no longer; null for the column that a field was given. A field can
    /// have a row of each kind.
    /// </summary>
    public string? Mask { get; init; }
}
