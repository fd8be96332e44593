using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;

namespace Sluice.Destinations.DuckDb;

/// <summary>The statements that bring the rows of the table aside into the one that readers see.</summary>
internal sealed class LoadSql(LoadTarget target, string catalog)
{
    /// <summary>The table that is changed.</summary>
    public string Live { get; init; } = StagingTables.Name(catalog, target.Schema, target.Table);

    /// <summary>All rows that there are, when <see cref="Live"/> is only the part of them that may change.</summary>
    public string Whole { get => field ?? Live; init; }

    public string Aside { get; } = StagingTables.Name(catalog, target.Schema, $"_sluice_new_{target.Table}");

    public string AddToAside(string column, string type) => $"ALTER TABLE {Aside} ADD COLUMN IF NOT EXISTS {StagingTables.Quote(column)} {type}";

    public string WidenLive(string column, string type) => $"ALTER TABLE {Live} ALTER COLUMN {StagingTables.Quote(column)} TYPE {type}";

    public string AddToLive(string column, string type) => $"ALTER TABLE {Live} ADD COLUMN IF NOT EXISTS {StagingTables.Quote(column)} {type}";

    public string Swap => $"DROP TABLE IF EXISTS {Live}; ALTER TABLE {Aside} RENAME TO {StagingTables.Quote(target.Table)}";

    /// <summary>Takes away staged rows that the table has word for word, so that only what is new or differs is written.</summary>
    public string DropUnchanged(IEnumerable<string> columns) =>
        $"DELETE FROM {Aside} WHERE rowid IN (SELECT new.rowid FROM {Aside} AS new SEMI JOIN {Whole} AS old ON ({Same(columns)}))";

    public string Unmark => $"UPDATE {Live} SET {SystemColumns.DeletedAt} = NULL WHERE {SystemColumns.DeletedAt} IS NOT NULL AND rowid IN (SELECT old.rowid FROM {Live} AS old SEMI JOIN {Aside} AS new ON ({SameOrNoKey}))";

    public string MarkVanished => $"UPDATE {Live} SET {SystemColumns.DeletedAt} = $at WHERE {SystemColumns.DeletedAt} IS NULL AND rowid IN (SELECT old.rowid {Vanished})";

    public string DeleteVanished => $"DELETE FROM {Live} WHERE rowid IN (SELECT old.rowid {Vanished})";

    public string CountReturned => $"SELECT count(*) FROM {Live} AS old SEMI JOIN {Aside} AS new ON ({SameOrNoKey}) WHERE old.{SystemColumns.DeletedAt} IS NOT NULL";

    public string CountVanished(bool marked) => $"SELECT count(*) {Vanished}{(marked ? $" WHERE old.{SystemColumns.DeletedAt} IS NULL" : "")}";

    /// <summary>Puts the rows of the old table that did not come into the new one, marked as deleted now unless they have been before.</summary>
    public string CarryOverMarked(IEnumerable<string> columns)
    {
        var all = columns.ToList();
        var names = all.Where(column => !IsMark(column)).Select(StagingTables.Quote).ToList();
        var mark = all.Any(IsMark) ? $"coalesce(old.{SystemColumns.DeletedAt}, $at)" : "$at";
        return $"INSERT INTO {Aside} ({string.Join(", ", names)}, {SystemColumns.DeletedAt}) SELECT {string.Join(", ", names.Select(name => $"old.{name}"))}, {mark} {Vanished}";
    }

    /// <summary>Puts the rows of the old table that did not come into the new one as they are.</summary>
    public string CarryOver(IEnumerable<string> columns)
    {
        var names = columns.Select(StagingTables.Quote).ToList();
        return $"INSERT INTO {Aside} ({string.Join(", ", names)}) SELECT {string.Join(", ", names.Select(name => $"old.{name}"))} {Vanished}";
    }

    public string DropAside => $"DROP TABLE IF EXISTS {Aside}";

    /// <summary>Rows with a known key are brought up to date, columns that this load does not have are left as they are.</summary>
    public string Merge(IReadOnlyList<string> columns)
    {
        var changed = columns.Where(column => !target.PrimaryKey.Contains(column, StringComparer.Ordinal)).Select(StagingTables.Quote).ToList();
        var names = string.Join(", ", columns.Select(StagingTables.Quote));
        var values = string.Join(", ", columns.Select(column => $"new.{StagingTables.Quote(column)}"));
        return $"""
            MERGE INTO {Live} AS old USING {Aside} AS new ON ({SameKey("old", "new")})
            WHEN MATCHED THEN UPDATE SET {string.Join(", ", changed.Select(column => $"{column} = new.{column}"))}
            WHEN NOT MATCHED THEN INSERT ({names}) VALUES ({values})
            """;
    }

    public string Append(IReadOnlyList<string> columns)
    {
        var names = string.Join(", ", columns.Select(StagingTables.Quote));
        return $"INSERT INTO {Live} ({names}) SELECT {names} FROM {Aside}";
    }

    /// <summary>Makes room for what was read: the range that was asked for, or the range that came.</summary>
    public string DeleteRange()
    {
        var (key, from, to) = Range();
        var rewritten = target.PrimaryKey.Count == 0 ? "" : $"; DELETE FROM {Live} AS old USING {Aside} AS new WHERE {SameKey("old", "new")}";
        return $"DELETE FROM {Live} WHERE {key} BETWEEN {from} AND {to}{rewritten}";
    }

    /// <summary>Rows, as what follows FROM, that lose their mark.</summary>
    public string Returning => $"{Whole} AS old SEMI JOIN {Aside} AS new ON ({SameOrNoKey}) WHERE old.{SystemColumns.DeletedAt} IS NOT NULL";

    /// <summary>Rows that are marked as deleted, or deleted.</summary>
    public string Vanishing(bool marked) => $"{Whole} AS old ANTI JOIN {Aside} AS new ON ({SameOrNoKey}){(marked ? $" WHERE old.{SystemColumns.DeletedAt} IS NULL" : "")}";

    /// <summary>Rows that a merge changes. An inner join, since DuckDB compares every pair of rows when a semi join has more than equal keys to look at.</summary>
    public string Changing(IEnumerable<string> columns) => $"{Whole} AS old JOIN {Aside} AS new ON ({SameKey("old", "new")}) WHERE NOT ({Same(columns)})";

    /// <summary>Rows that <see cref="DeleteRange"/> deletes.</summary>
    public string InRange()
    {
        var (key, from, to) = Range();
        var rewritten = target.PrimaryKey.Count == 0 ? "" : $" OR EXISTS (SELECT 1 FROM {Aside} AS new WHERE {SameKey("old", "new")})";
        return $"{Whole} AS old WHERE old.{key} BETWEEN {from} AND {to}{rewritten}";
    }

    private (string Key, string From, string To) Range()
    {
        var key = StagingTables.Quote(target.IncrementalKey!);
        return (
            key,
            target.Interval.Start is null ? $"(SELECT min({key}) FROM {Aside})" : "$from",
            target.Interval.End is null ? $"(SELECT max({key}) FROM {Aside})" : "$to");
    }

    private string Same(IEnumerable<string> columns) => string.Join(
        " AND ", columns.Where(IsData).Select(StagingTables.Quote).Select(column => $"old.{column} IS NOT DISTINCT FROM new.{column}").Prepend(SameOrNoKey));

    private string Vanished => $"FROM {Live} AS old ANTI JOIN {Aside} AS new ON ({SameOrNoKey})";

    private static bool IsMark(string column) => string.Equals(column, SystemColumns.DeletedAt, StringComparison.OrdinalIgnoreCase);

    private bool IsData(string column) =>
        !column.StartsWith("_sluice_", StringComparison.OrdinalIgnoreCase) && !target.PrimaryKey.Contains(column, StringComparer.Ordinal);

    // Rows without a key are the same when everything else is, and none of them is taken for deleted while one comes.
    private string SameOrNoKey => string.Join(" AND ", target.PrimaryKey.Select(StagingTables.Quote).Select(key => $"old.{key} IS NOT DISTINCT FROM new.{key}"));

    private string SameKey(string left, string right) => string.Join(
        " AND ", target.PrimaryKey.Select(StagingTables.Quote).Select(key => $"{left}.{key} = {right}.{key}"));
}
