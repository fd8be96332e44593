using Sluice.Engine.Catalog;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Merge;

/// <summary>
/// How a row of the table ("old") is found to be the same as one that came ("new"). Rows with a whole key are compared by "=", for which databases
/// have indexes and hashes; the few with a NULL in it apart.
/// </summary>
/// <param name="Condition">That two rows are the same.</param>
/// <param name="OfOld">That a row of the table is of this sort.</param>
/// <param name="OfNew">That a row that came is.</param>
internal sealed record SameRow(string Condition, string OfOld, string OfNew)
{
    public static SameRow ByKey(SqlDialect dialect, IReadOnlyList<string> key)
    {
        var names = key.Select(dialect.Quote).ToList();
        string Whole(string of) => string.Join(" AND ", names.Select(name => $"{of}.{name} IS NOT NULL"));
        return new SameRow(string.Join(" AND ", names.Select(name => $"old.{name} = new.{name}")), Whole("old"), Whole("new"));
    }

    public static SameRow ByIncompleteKey(SqlDialect dialect, IReadOnlyList<string> key)
    {
        var names = key.Select(dialect.Quote).ToList();
        string Incomplete(string of) => $"({string.Join(" OR ", names.Select(name => $"{of}.{name} IS NULL"))})";
        var same = names.Select(name => $"old.{name} {dialect.Same} new.{name}{dialect.HashHint($"old.{name}", $"new.{name}")}");
        return new SameRow($"{string.Join(" AND ", same)} AND {Incomplete("old")}", Incomplete("old"), Incomplete("new"));
    }
}

/// <summary>The statements between a table with new rows and the one that readers see; both have the columns by the same names.</summary>
/// <param name="dialect">The database's words.</param>
/// <param name="live">The table that readers see, quoted.</param>
/// <param name="incoming">The table with the new rows, quoted.</param>
/// <param name="columns">The columns that the new rows have.</param>
/// <param name="key">Those by which rows are known.</param>
internal sealed class MergeSql(SqlDialect dialect, string live, string incoming, IReadOnlyList<string> columns, IReadOnlyList<string> key)
{
    private readonly string _all = string.Join(", ", columns.Select(dialect.Quote));

    /// <summary>How rows of both tables are found to be the same.</summary>
    public SameRow WithKey { get; } = SameRow.ByKey(dialect, key);

    /// <summary>The same for rows whose key is not complete.</summary>
    public SameRow WithoutKey { get; } = SameRow.ByIncompleteKey(dialect, key);

    /// <summary>The column with the hash of a row.</summary>
    public const string Hash = "_sluice_hash";

    /// <summary>The column with the number of a row.</summary>
    public const string Row = "_sluice_row";

    /// <summary>Whether the new rows have a column.</summary>
    public bool Writes(string column) => columns.Contains(column, StringComparer.OrdinalIgnoreCase);

    private IEnumerable<string> Compared =>
        columns.Where(column => !column.StartsWith("_sluice_", StringComparison.OrdinalIgnoreCase) && !key.Contains(column, StringComparer.Ordinal));

    private List<string> Data => [.. Compared.Select(dialect.Quote)];

    private string SameValue(string column) => $"old.{column} {dialect.Same} new.{column}";

    private IEnumerable<string> Changed => columns.Where(column => !key.Contains(column, StringComparer.Ordinal)).Select(dialect.Quote);

    /// <summary>
    /// New rows are inserted, rows that differ are brought up to date, and the others are not touched; there must be a unique index on the key.
    /// </summary>
    public string Upsert
    {
        get
        {
            var keys = string.Join(", ", key.Select(dialect.Quote));
            var insert = $"INSERT INTO {live} AS old ({_all}) SELECT {_all} FROM {incoming} AS new WHERE {WithKey.OfNew} ON CONFLICT ({keys}) DO ";
            return Data.Count == 0
                ? insert + "NOTHING"
                : insert
                    + $"UPDATE SET {string.Join(", ", Changed.Select(column => $"{column} = excluded.{column}"))} WHERE " +
                        dialect.Differ(Values("old"), Values("excluded"));
        }
    }

    /// <summary>The half of <see cref="Upsert"/> that works without an index: rows that differ.</summary>
    public string UpdateChanged =>
        dialect.Update(
            live,
            "old",
            Changed.Select(column => (column, $"new.{column}")),
            $"{incoming} AS new",
            $"{WithKey.Condition} AND {(Data.Count == 0 ? "1 = 0" : dialect.Differ(Values("old"), Values("new")))}");

    /// <summary>The other half: rows whose key the table does not have.</summary>
    public string InsertMissing => $"{InsertAll} AS new WHERE {WithKey.OfNew} AND NOT EXISTS (SELECT 1 FROM {live} AS old WHERE {WithKey.Condition})";

    /// <summary>Both in one statement, for databases that have MERGE; the new rows are without those that the table has word for word.</summary>
    /// <param name="rows">The new rows, as what follows FROM.</param>
    public string Merge(string rows) => $"""
        MERGE INTO {live} AS old USING {rows} AS new ON ({WithKey.Condition})
        WHEN MATCHED THEN UPDATE SET {string.Join(", ", Changed.Select(column => $"{column} = new.{column}"))}
        WHEN NOT MATCHED THEN INSERT ({_all}) VALUES ({string.Join(", ", columns.Select(column => $"new.{dialect.Quote(column)}"))})
        """;

    /// <summary>
    /// Gives new rows what stays of the row that there is, column by column: whatever is done with them then, they are what the table is to have.
    /// </summary>
    /// <param name="whole">All rows that there are, quoted.</param>
    /// <param name="rules">What stays, by column.</param>
    public string TakeOver(string whole, IReadOnlyDictionary<string, MergeRule> rules)
    {
        var set = columns
            .Where(column => rules.GetValueOrDefault(column) != MergeRule.Replace && !key.Contains(column, StringComparer.Ordinal))
            .Select(column => (Rule: rules[column], Name: dialect.Quote(column)))
            .Select(column => (column.Name, dialect.Merged(column.Rule, $"old.{column.Name}", $"new.{column.Name}")));
        return dialect.Update(incoming, "new", set, $"{whole} AS old", WithKey.Condition);
    }

    /// <summary>Takes away new rows whose key the table does not have.</summary>
    /// <param name="whole">All rows that there are, quoted.</param>
    public string DropUnknown(string whole) =>
        dialect.Delete("new", $"{incoming} AS new WHERE NOT EXISTS (SELECT 1 FROM {whole} AS old WHERE {WithKey.Condition})");

    public string InsertAll => InsertFrom(incoming);

    /// <summary>Adds rows that follow FROM.</summary>
    public string InsertFrom(string rows) => $"INSERT INTO {live} ({_all}) SELECT {_all} FROM {rows}";

    public string DeleteAll => $"DELETE FROM {live}";

    public string CountMarked => $"SELECT count(*) FROM {live} WHERE {SystemColumns.DeletedAt} IS NOT NULL";

    public string HasIncompleteKeys => $"SELECT count(*) FROM (SELECT 1 FROM {incoming} AS new WHERE {WithoutKey.OfNew} LIMIT 1) AS found";

    private string HadIncompleteKeys => $"SELECT count(*) FROM (SELECT 1 FROM {live} AS old WHERE {WithoutKey.OfOld} LIMIT 1) AS found";

    /// <summary>The sorts of rows that the table has.</summary>
    public async Task<IReadOnlyList<SameRow>> SortsAsync(DbSession session, CancellationToken cancel) =>
        key.Count == 0 ? [] : await session.ScalarAsync(HadIncompleteKeys, cancel) > 0 ? [WithKey, WithoutKey] : [WithKey];

    /// <summary>Rows that the table does not have word for word.</summary>
    public string InsertDifferent(SameRow same) =>
        $"{InsertAll} AS new WHERE {same.OfNew} AND NOT EXISTS (SELECT 1 FROM {live} AS old WHERE {same.Condition}"
        + (Data.Count == 0 ? ")" : $" AND {Values("old")} {dialect.Same} {Values("new")})");

    /// <summary>Takes away new rows that a table has word for word, so that only what is new or differs is written.</summary>
    /// <param name="newRows">The new rows by <see cref="Hashed"/>, as what follows FROM.</param>
    /// <param name="oldRows">All rows that there are, likewise.</param>
    public string DropUnchanged(string newRows, string oldRows) => dialect.DropSame(
        incoming, newRows, oldRows, string.Join(" AND ", [.. key.Select(dialect.Quote).Select(SameValue), $"old.{Hash} = new.{Hash}"]));

    /// <summary>
    /// What a row is compared by, to stand behind SELECT: the key and a hash of all other values, since the values of many rows would not fit the
    /// memory. Only in DuckDB.
    /// </summary>
    /// <param name="types">The types that the table has: of another one, the same value would have another hash.</param>
    public string Hashed(IReadOnlyDictionary<string, ColumnType> types)
    {
        string As(string column) => $"CAST({dialect.Quote(column)} AS {dialect.Type(types[column])})";
        var values = Compared.Select(As).DefaultIfEmpty("0");
        return string.Join(", ", [.. key.Select(name => $"{As(name)} AS {dialect.Quote(name)}"), $"hash({string.Join(", ", values)}) AS {Hash}"]);
    }

    public string Restore(SameRow same) =>
        $"UPDATE {live} AS old SET {SystemColumns.DeletedAt} = NULL WHERE {SystemColumns.DeletedAt} IS NOT NULL AND {Came(same)}";

    public string CountRestored(SameRow same) => $"SELECT count(*) FROM {RestoredRows(same)}";

    public string CountVanished(SameRow same, bool marked) => $"SELECT count(*) FROM {VanishedRows(same, marked)}";

    public string MarkVanished(SameRow same) =>
        $"UPDATE {live} AS old SET {SystemColumns.DeletedAt} = {dialect.Parameter("at")} WHERE {SystemColumns.DeletedAt} IS NULL AND " +
            $"{Vanished(same)}";

    public string DeleteVanished(SameRow same) => dialect.Delete("old", VanishedRows(same, marked: false));

    public string DeleteThatCame(SameRow same) => dialect.Delete("old", CameRows(same));

    /// <summary>Makes room for what was read: the range that was asked for, or the range that came.</summary>
    public string DeleteRange(string column, Interval interval) => dialect.Delete("old", RangeRows(column, interval));

    /// <summary>
    /// Puts the rows of the old table that did not come into the new one, as they are or marked as deleted now unless they have been before.
    /// </summary>
    public string CarryOver(SameRow same, IEnumerable<string> old, bool marks)
    {
        var names = old.Where(column => !marks || !IsMark(column)).Select(dialect.Quote).ToList();
        var (into, values) = (string.Join(", ", names), string.Join(", ", names.Select(name => $"old.{name}")));
        var mark = old.Any(IsMark) ? $"coalesce(old.{SystemColumns.DeletedAt}, {dialect.Parameter("at")})" : dialect.Parameter("at");
        return marks
            ? $"INSERT INTO {incoming} ({into}, {SystemColumns.DeletedAt}) SELECT {values}, {mark} FROM {VanishedRows(same, marked: false)}"
            : $"INSERT INTO {incoming} ({into}) SELECT {values} FROM {VanishedRows(same, marked: false)}";
    }

    /// <summary>Rows of the table, as what follows FROM, that are marked as deleted and came again.</summary>
    public string RestoredRows(SameRow same) => $"{live} AS old WHERE old.{SystemColumns.DeletedAt} IS NOT NULL AND {Came(same)}";

    /// <summary>Rows that did not come; only those without the mark if rows can be <paramref name="marked"/>.</summary>
    public string VanishedRows(SameRow same, bool marked) =>
        $"{live} AS old WHERE {(marked ? $"old.{SystemColumns.DeletedAt} IS NULL AND " : "")}{Vanished(same)}";

    /// <summary>Rows that came.</summary>
    public string CameRows(SameRow same) => $"{live} AS old WHERE {Came(same)}";

    /// <summary>
    /// Rows that came with other values. An inner join, since DuckDB compares every pair of rows when a semi join has more than equal keys to look
    /// at.
    /// </summary>
    /// <param name="oldRows">The table's rows by <see cref="Hashed"/>, as what follows FROM.</param>
    /// <param name="newRows">The new ones, likewise.</param>
    public string ChangedRows(string oldRows, string newRows) =>
        $"{oldRows} AS old JOIN {newRows} AS new ON ({WithKey.Condition}) WHERE old.{Hash} <> new.{Hash}";

    /// <summary>Rows in the range that was asked for, or else in the one that came.</summary>
    public string RangeRows(string column, Interval interval) => dialect.RangeRows(
        live,
        dialect.Quote(column),
        interval.Start is null ? null : dialect.Parameter("from"),
        interval.End is null ? null : dialect.Parameter("to"),
        incoming);

    /// <summary>The values of an interval's ends as far as it has them.</summary>
    public static (string Name, object? Value)[] Bounds(Interval interval) =>
        [.. new (string, object?)[] { ("from", interval.Start), ("to", interval.End) }.Where(bound => bound.Item2 is not null)];

    private static bool IsMark(string column) => string.Equals(column, SystemColumns.DeletedAt, StringComparison.OrdinalIgnoreCase);

    private string Came(SameRow same) => $"EXISTS (SELECT 1 FROM {incoming} AS new WHERE {same.Condition})";

    private string Vanished(SameRow same) => $"{same.OfOld} AND NOT EXISTS (SELECT 1 FROM {incoming} AS new WHERE {same.Condition})";

    private string Values(string of) => $"({string.Join(", ", Data.Select(column => $"{of}.{column}"))})";
}
