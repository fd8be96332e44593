using Sluice.Destinations.Staging;
using Sluice.Engine.Catalog;

namespace Sluice.Destinations.Relational;

/// <summary>The statements between a table with new rows and the one that readers see; both have the columns by the same names.</summary>
/// <param name="dialect">The database's words.</param>
/// <param name="live">The table that readers see, quoted.</param>
/// <param name="aside">The table with the new rows, quoted.</param>
/// <param name="columns">The columns that the new rows have.</param>
/// <param name="key">Those by which rows are known.</param>
internal sealed class PublicationSql(SqlDialect dialect, string live, string aside, IReadOnlyList<string> columns, IReadOnlyList<string> key)
{
    private readonly string _all = string.Join(", ", columns.Select(dialect.Quote));

    /// <summary>How rows of both tables are found to be the same.</summary>
    public SameRow WithKey { get; } = SameRow.ByKey(dialect, key);

    /// <summary>The same for rows whose key is not complete.</summary>
    public SameRow WithoutKey { get; } = SameRow.ByIncompleteKey(dialect, key);

    private List<string> Data => [.. columns.Where(column => !column.StartsWith("_sluice_", StringComparison.OrdinalIgnoreCase) && !key.Contains(column, StringComparer.Ordinal)).Select(dialect.Quote)];

    private IEnumerable<string> Changed => columns.Where(column => !key.Contains(column, StringComparer.Ordinal)).Select(dialect.Quote);

    /// <summary>New rows are inserted, rows that differ are brought up to date, and the others are not touched; there must be a unique index on the key.</summary>
    public string Upsert
    {
        get
        {
            var keys = string.Join(", ", key.Select(dialect.Quote));
            var insert = $"INSERT INTO {live} AS old ({_all}) SELECT {_all} FROM {aside} AS new WHERE {WithKey.OfNew} ON CONFLICT ({keys}) DO ";
            return Data.Count == 0
                ? insert + "NOTHING"
                : insert + $"UPDATE SET {string.Join(", ", Changed.Select(column => $"{column} = excluded.{column}"))} WHERE {Row("old")} {dialect.Different} {Row("excluded")}";
        }
    }

    /// <summary>The half of <see cref="Upsert"/> that works without an index: rows that differ.</summary>
    public string UpdateChanged => $"UPDATE {live} AS old SET {string.Join(", ", Changed.Select(column => $"{column} = new.{column}"))} FROM {aside} AS new WHERE {WithKey.Condition}"
        + (Data.Count == 0 ? " AND 1 = 0" : $" AND {Row("old")} {dialect.Different} {Row("new")}");

    /// <summary>The other half: rows whose key the table does not have.</summary>
    public string InsertMissing => $"{InsertAll} AS new WHERE {WithKey.OfNew} AND NOT EXISTS (SELECT 1 FROM {live} AS old WHERE {WithKey.Condition})";

    public string InsertAll => $"INSERT INTO {live} ({_all}) SELECT {_all} FROM {aside}";

    public string CountRows => $"SELECT count(*) FROM {aside}";

    public string DeleteAll => $"DELETE FROM {live}";

    public string CountMarked => $"SELECT count(*) FROM {live} WHERE {StageSql.DeletedAt} IS NOT NULL";

    public string HasIncompleteKeys => $"SELECT count(*) FROM (SELECT 1 FROM {aside} AS new WHERE {WithoutKey.OfNew} LIMIT 1) AS found";

    /// <summary>Rows that the table does not have word for word.</summary>
    public string InsertDifferent(SameRow same) => $"{InsertAll} AS new WHERE {same.OfNew} AND NOT EXISTS (SELECT 1 FROM {live} AS old WHERE {same.Condition}"
        + (Data.Count == 0 ? ")" : $" AND {Row("old")} {dialect.Same} {Row("new")})");

    public string Unmark(SameRow same) => $"UPDATE {live} AS old SET {StageSql.DeletedAt} = NULL WHERE {StageSql.DeletedAt} IS NOT NULL AND {Came(same)}";

    public string CountReturned(SameRow same) => $"SELECT count(*) FROM {live} AS old WHERE old.{StageSql.DeletedAt} IS NOT NULL AND {Came(same)}";

    public string CountVanished(SameRow same, bool marked) => $"SELECT count(*) FROM {live} AS old WHERE {(marked ? $"old.{StageSql.DeletedAt} IS NULL AND " : "")}{Vanished(same)}";

    public string MarkVanished(SameRow same) =>
        $"UPDATE {live} AS old SET {StageSql.DeletedAt} = {dialect.Parameter("at")} WHERE {StageSql.DeletedAt} IS NULL AND {Vanished(same)}";

    public string DeleteVanished(SameRow same) => $"DELETE FROM {live} AS old WHERE {Vanished(same)}";

    public string DeleteThatCame(SameRow same) => $"DELETE FROM {live} AS old WHERE {Came(same)}";

    /// <summary>Puts the rows of the old table that did not come into the new one, as they are or marked as deleted now unless they have been before.</summary>
    public string CarryOver(SameRow same, IEnumerable<string> old, bool marks)
    {
        var names = old.Where(column => !marks || !IsMark(column)).Select(dialect.Quote).ToList();
        var (into, values) = (string.Join(", ", names), string.Join(", ", names.Select(name => $"old.{name}")));
        var mark = old.Any(IsMark) ? $"coalesce(old.{StageSql.DeletedAt}, {dialect.Parameter("at")})" : dialect.Parameter("at");
        return marks
            ? $"INSERT INTO {aside} ({into}, {StageSql.DeletedAt}) SELECT {values}, {mark} FROM {live} AS old WHERE {Vanished(same)}"
            : $"INSERT INTO {aside} ({into}) SELECT {values} FROM {live} AS old WHERE {Vanished(same)}";
    }

    /// <summary>Makes room for what was read: the range that was asked for, or the range that came.</summary>
    public string DeleteRange(string column, Interval interval)
    {
        var name = dialect.Quote(column);
        var from = interval.Start is null ? $"(SELECT min({name}) FROM {aside})" : dialect.Parameter("from");
        var to = interval.End is null ? $"(SELECT max({name}) FROM {aside})" : dialect.Parameter("to");
        return $"DELETE FROM {live} WHERE {name} BETWEEN {from} AND {to}";
    }

    private static bool IsMark(string column) => string.Equals(column, StageSql.DeletedAt, StringComparison.OrdinalIgnoreCase);

    private string Came(SameRow same) => $"EXISTS (SELECT 1 FROM {aside} AS new WHERE {same.Condition})";

    private string Vanished(SameRow same) => $"{same.OfOld} AND NOT EXISTS (SELECT 1 FROM {aside} AS new WHERE {same.Condition})";

    private string Row(string of) => $"({string.Join(", ", Data.Select(column => $"{of}.{column}"))})";
}
