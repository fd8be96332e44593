using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.DuckDb;

/// <summary>The statements of one table's load.</summary>
internal sealed class LoadSql(LoadTarget target, string catalog)
{
    /// <summary>The column of rows that Customer.io no longer has.</summary>
    public const string DeletedAt = "_sluice_deleted_at";

    public string Live { get; } = BookKeeping.Name(catalog, target.Schema, target.Table);

    public string Aside { get; } = BookKeeping.Name(catalog, target.Schema, AsideName(target));

    /// <summary>The table that is built beside the one that readers see.</summary>
    public static string AsideName(LoadTarget target) => $"_sluice_new_{target.Table}";

    public string CreateAside(IReadOnlyList<TableColumn> columns) => $"CREATE TABLE IF NOT EXISTS {Aside} ({string.Join(", ", columns.Select(Define).Concat(Own))})";

    public string AddToAside(TableColumn column) => $"ALTER TABLE {Aside} ADD COLUMN IF NOT EXISTS {Define(column)}";

    public string AddToAside(string column, string type) => $"ALTER TABLE {Aside} ADD COLUMN IF NOT EXISTS {BookKeeping.Quote(column)} {type}";

    public string WidenAside(string column, string type) => $"ALTER TABLE {Aside} ALTER COLUMN {BookKeeping.Quote(column)} TYPE {type}";

    public string WidenLive(string column, string type) => $"ALTER TABLE {Live} ALTER COLUMN {BookKeeping.Quote(column)} TYPE {type}";

    public string AddToLive(string column, string type) => $"ALTER TABLE {Live} ADD COLUMN IF NOT EXISTS {BookKeeping.Quote(column)} {type}";

    public string Insert(string select, IReadOnlyList<TableColumn> columns, long? most) =>
        $"INSERT INTO {Aside} ({Names(columns)}, _sluice_loaded_at, _sluice_run_id)\n" +
        $"SELECT *, $at, $run FROM (\n{select}\n) AS rows{(most is { } limit ? $" LIMIT {limit}" : "")}";

    public string InsertRejects(string select) =>
        $"INSERT INTO {BookKeeping.Name(catalog, target.Schema, BookKeeping.Rejects)}\n" +
        $"SELECT $table, record_key, column_name, raw_value, $load, $run, $at FROM (\n{select}\n) AS rejects";

    /// <summary>Whether some key stands twice; on hashes, since a million long keys would not fit the memory that a load may use.</summary>
    public string HasDoubles => $"SELECT count(*) FROM (SELECT hash({Keys}) AS h FROM {Aside} WHERE {HasKey} GROUP BY h HAVING count(*) > 1 LIMIT 1)";

    /// <summary>Leaves of equal keys the row that came last; only candidates by hash are compared in full.</summary>
    public string DeleteDoubles => $"""
        DELETE FROM {Aside} WHERE rowid IN (
          SELECT row FROM (
            SELECT rowid AS row, row_number() OVER (PARTITION BY {Keys} ORDER BY rowid DESC) AS place FROM {Aside}
            WHERE {HasKey} AND hash({Keys}) IN (SELECT hash({Keys}) AS h FROM {Aside} WHERE {HasKey} GROUP BY h HAVING count(*) > 1))
          WHERE place > 1)
        """;

    public string Swap => $"DROP TABLE IF EXISTS {Live}; ALTER TABLE {Aside} RENAME TO {BookKeeping.Quote(target.Table)}";

    /// <summary>Takes away staged rows that the table has word for word, so that only what is new or differs is written.</summary>
    public string DropUnchanged(IEnumerable<string> columns)
    {
        var same = columns.Where(IsData).Select(BookKeeping.Quote).Select(column => $"old.{column} IS NOT DISTINCT FROM new.{column}");
        return $"DELETE FROM {Aside} WHERE rowid IN (SELECT new.rowid FROM {Aside} AS new SEMI JOIN {Live} AS old ON ({SameOrNoKey} AND {string.Join(" AND ", same)}))";
    }

    public string Unmark => $"UPDATE {Live} SET {DeletedAt} = NULL WHERE {DeletedAt} IS NOT NULL AND rowid IN (SELECT old.rowid FROM {Live} AS old SEMI JOIN {Aside} AS new ON ({SameOrNoKey}))";

    public string MarkVanished => $"UPDATE {Live} SET {DeletedAt} = $at WHERE {DeletedAt} IS NULL AND rowid IN (SELECT old.rowid {Vanished})";

    public string DeleteVanished => $"DELETE FROM {Live} WHERE rowid IN (SELECT old.rowid {Vanished})";

    public string CountReturned => $"SELECT count(*) FROM {Live} AS old SEMI JOIN {Aside} AS new ON ({SameOrNoKey}) WHERE old.{DeletedAt} IS NOT NULL";

    public string CountVanished(bool marked) => $"SELECT count(*) {Vanished}{(marked ? $" WHERE old.{DeletedAt} IS NULL" : "")}";

    /// <summary>Puts the rows of the old table that did not come into the new one, marked as deleted now unless they have been before.</summary>
    public string CarryOverMarked(IEnumerable<string> columns)
    {
        var all = columns.ToList();
        var names = all.Where(column => !IsMark(column)).Select(BookKeeping.Quote).ToList();
        var mark = all.Any(IsMark) ? $"coalesce(old.{DeletedAt}, $at)" : "$at";
        return $"INSERT INTO {Aside} ({string.Join(", ", names)}, {DeletedAt}) SELECT {string.Join(", ", names.Select(name => $"old.{name}"))}, {mark} {Vanished}";
    }

    /// <summary>Puts the rows of the old table that did not come into the new one as they are.</summary>
    public string CarryOver(IEnumerable<string> columns)
    {
        var names = columns.Select(BookKeeping.Quote).ToList();
        return $"INSERT INTO {Aside} ({string.Join(", ", names)}) SELECT {string.Join(", ", names.Select(name => $"old.{name}"))} {Vanished}";
    }

    public string DropAside => $"DROP TABLE IF EXISTS {Aside}";

    /// <summary>Rows with a known key are brought up to date, columns that this load does not have are left as they are.</summary>
    public string Merge(IReadOnlyList<string> columns)
    {
        var changed = columns.Where(column => !target.PrimaryKey.Contains(column, StringComparer.Ordinal)).Select(BookKeeping.Quote).ToList();
        var names = string.Join(", ", columns.Select(BookKeeping.Quote));
        var values = string.Join(", ", columns.Select(column => $"new.{BookKeeping.Quote(column)}"));
        return $"""
            MERGE INTO {Live} AS old USING {Aside} AS new ON ({SameKey("old", "new")})
            WHEN MATCHED THEN UPDATE SET {string.Join(", ", changed.Select(column => $"{column} = new.{column}"))}
            WHEN NOT MATCHED THEN INSERT ({names}) VALUES ({values})
            """;
    }

    public string Append(IReadOnlyList<string> columns)
    {
        var names = string.Join(", ", columns.Select(BookKeeping.Quote));
        return $"INSERT INTO {Live} ({names}) SELECT {names} FROM {Aside}";
    }

    /// <summary>Makes room for what was read: the range that was asked for, or the range that came.</summary>
    public string DeleteRange()
    {
        var key = BookKeeping.Quote(target.IncrementalKey!);
        var from = target.Interval.Start is null ? $"(SELECT min({key}) FROM {Aside})" : "$from";
        var to = target.Interval.End is null ? $"(SELECT max({key}) FROM {Aside})" : "$to";
        var rewritten = target.PrimaryKey.Count == 0 ? "" : $"; DELETE FROM {Live} AS old USING {Aside} AS new WHERE {SameKey("old", "new")}";
        return $"DELETE FROM {Live} WHERE {key} BETWEEN {from} AND {to}{rewritten}";
    }

    private string Keys => string.Join(", ", target.PrimaryKey.Select(BookKeeping.Quote));

    private string Vanished => $"FROM {Live} AS old ANTI JOIN {Aside} AS new ON ({SameOrNoKey})";

    private IEnumerable<string> Own => ["_sluice_loaded_at TIMESTAMPTZ", "_sluice_run_id VARCHAR", .. target.MarksDeleted ? [$"{DeletedAt} TIMESTAMPTZ"] : Array.Empty<string>()];

    private static bool IsMark(string column) => string.Equals(column, DeletedAt, StringComparison.OrdinalIgnoreCase);

    private bool IsData(string column) =>
        !column.StartsWith("_sluice_", StringComparison.OrdinalIgnoreCase) && !target.PrimaryKey.Contains(column, StringComparer.Ordinal);

    // Two rows without a key are two rows: nothing says that they are the same.
    private string HasKey => string.Join(" AND ", target.PrimaryKey.Select(key => $"{BookKeeping.Quote(key)} IS NOT NULL"));

    // Rows without a key are the same when everything else is, and none of them is taken for deleted while one comes.
    private string SameOrNoKey => string.Join(" AND ", target.PrimaryKey.Select(BookKeeping.Quote).Select(key => $"old.{key} IS NOT DISTINCT FROM new.{key}"));

    private string SameKey(string left, string right) => string.Join(
        " AND ", target.PrimaryKey.Select(BookKeeping.Quote).Select(key => $"{left}.{key} = {right}.{key}"));

    private static string Names(IReadOnlyList<TableColumn> columns) => string.Join(", ", columns.Select(column => BookKeeping.Quote(column.Name)));

    private static string Define(TableColumn column) => $"{BookKeeping.Quote(column.Name)} {SqlType.Of(column.Type)}";
}
