using System.Globalization;
using Sluice.Engine.Load;

namespace Sluice.Destinations.ClickHouse;

/// <summary>The statements that find what a load changes in a table that has rows.</summary>
/// <param name="target">The load.</param>
/// <param name="live">The table, wide enough for the rows.</param>
/// <param name="staged">Its columns that the rows have.</param>
/// <param name="tables">The tables of this try.</param>
/// <param name="version">The load's number.</param>
internal sealed class MergeSql(LoadTarget target, ClickHouseTable live, IReadOnlyList<ClickHouseColumn> staged, ScratchTables tables, long version)
{
    private const string Deleted = SystemColumns.DeletedAt;

    private readonly ClickHouseColumn[] _key = [.. target.PrimaryKey.Select(name => live.Find(name)).OfType<ClickHouseColumn>()];

    /// <summary>Copies the rows whose keys the table has, but not word for word.</summary>
    public string CopyChanged =>
        $"INSERT INTO {tables.Changed} SELECT * FROM (SELECT * FROM {tables.Rows} WHERE {Known}) WHERE ({Key}, {Word}) NOT IN (SELECT {Key}, " +
            $"{Word} FROM {live.Rows(Names([.. _key, .. Data]))} WHERE {Came})";

    public string CountNew => $"SELECT count() FROM {tables.Rows} WHERE NOT ({Known})";

    public string CountReturned => $"SELECT count() FROM {live.Rows(Names(_key, Deleted))} WHERE isNotNull({Deleted}) AND {Came}";

    public string CountVanished =>
        $"SELECT count() FROM {live.Rows(Names(_key, live.IsMarked ? Deleted : null))} WHERE NOT " +
            $"({Came}){(live.IsMarked ? $" AND isNull({Deleted})" : "")}";

    /// <summary>Columns of the rows that the table has of the keys that came, as text.</summary>
    public string KnownRows(IReadOnlyList<ClickHouseColumn> columns) =>
        $"SELECT {string.Join(", ", columns.Select(column => $"toString({column.Quoted})"))} "
        + $"FROM {live.Rows(Names(columns.Union(_key)))} WHERE {Came}";

    /// <summary>Takes the mark from rows that are there again.</summary>
    /// <param name="leaves">What the other statements see to.</param>
    public string Unmark(string leaves) => Again("NULL", $"isNotNull({Deleted}) AND {Came} AND NOT ({leaves})");

    /// <summary>Marks the rows that did not come.</summary>
    /// <param name="leaves">What the other statements see to.</param>
    public string MarkVanished(string leaves) =>
        Again(ClickHouseText.Instant(target.LoadedAt), $"isNull({Deleted}) AND NOT ({Came}) AND NOT ({leaves})");

    /// <summary>Says of rows that they are no more; a row that is written again by the same load is left to that.</summary>
    public string Remove(string which, bool isWrittenAgain) =>
        $"INSERT INTO {tables.Delta} ({Names(live.Columns)}) SELECT {Columns(Deleted, "1")} FROM {live.Rows()} WHERE " +
            $"{which}{(isWrittenAgain ? $" AND NOT ({ClickHouseTable.Row} = 0 AND {Rewritten})" : "")}";

    /// <summary>Brings known keys up to date: columns that the load does not have stay as they are.</summary>
    public string Update
    {
        get
        {
            var kept = live
                .Columns.Where(column => !staged.Contains(column) && !ClickHouseTable.IsHidden(column.Name) && column.Name != Deleted)
                .ToList();
            var values = live.Columns.Select(column =>
                column.Name switch
                {
                    ClickHouseTable.Row => "_sluice_old_row",
                    ClickHouseTable.Version => Number,
                    ClickHouseTable.IsDeleted => "0",
                    Deleted => "NULL",
                    _ when kept.IndexOf(column) is var place and >= 0 => $"_sluice_old_{place}",
                    _ => $"_sluice_new_{staged.ToList().IndexOf(column)}",
                });
            var old = kept.Select((column, place) => $", {column.Quoted} AS _sluice_old_{place}");
            return $"""
                INSERT INTO {tables.Delta} ({Names(live.Columns)}) SELECT {string.Join(", ", values)}
                FROM (SELECT {AliasedKey}, {string.Join(
                    ", ",
                    staged.Select((column, place) => $"{column.Quoted} AS _sluice_new_{place}")
                )} FROM (SELECT * FROM {tables.Changed}) WHERE {Complete}) AS came
                ALL INNER JOIN (SELECT {AliasedKey}, {ClickHouseTable.Row} AS _sluice_old_row{string.Concat(
                    old
                )} FROM {live.Rows()} WHERE ({Key}) IN (SELECT {Key} FROM {tables.Changed})) AS had
                USING ({string.Join(", ", _key.Select((_, place) => $"_sluice_key_{place}"))})
                """;
        }
    }

    /// <summary>Adds the rows whose keys are new.</summary>
    public string InsertNew => $"{Insert(tables.Rows)} WHERE NOT ({Known})";

    /// <summary>Adds the rows without a key that differ from all others without one.</summary>
    public string InsertKeyless => $"{Insert(tables.Changed)} WHERE NOT ({Complete})";

    /// <summary>Adds rows as they are.</summary>
    public string Insert(string from)
    {
        var columns = live.Columns.Where(column => staged.Contains(column) || ClickHouseTable.IsHidden(column.Name)).ToList();
        return $"INSERT INTO {tables.Delta} ({Names(columns)}) SELECT {Names(columns)} FROM {from}";
    }

    /// <summary>Which rows did not come.</summary>
    public string Vanished => $"NOT ({Came})";

    /// <summary>Which rows have a key that comes up to date.</summary>
    public string Updated => $"({Complete} AND ({Key}) IN (SELECT {Key} FROM {tables.Changed}))";

    /// <summary>Which rows have a key that came.</summary>
    public string Rewritten => _key.Length == 0 ? "0" : $"({Complete} AND {Came})";

    /// <summary>Which rows are in the range that was asked for, or else in the one that came.</summary>
    public string InRange(ClickHouseColumn by)
    {
        var from = target.Interval.Start is { } start ? ClickHouseText.Instant(start) : $"(SELECT min({by.Quoted}) FROM {tables.Rows})";
        var to = target.Interval.End is { } end ? ClickHouseText.Instant(end) : $"(SELECT max({by.Quoted}) FROM {tables.Rows})";
        return $"ifNull({by.Quoted} >= {from} AND {by.Quoted} <= {to}, 0)";
    }

    private string Known => $"({Key}) IN (SELECT {Key} FROM {live.Rows(Names(_key))})";

    private string Came => $"({Key}) IN (SELECT {Key} FROM {tables.Rows})";

    private string Key => string.Join(", ", _key.Select(column => column.Same));

    private string AliasedKey =>
        string.Join(", ", _key.Select((column, place) => $"ifNull({column.Quoted}, {ClickHouseType.Stand(column.Type)}) AS _sluice_key_{place}"));

    private string Complete => string.Join(" AND ", _key.Select(column => $"isNotNull({column.Quoted})"));

    private IEnumerable<ClickHouseColumn> Data =>
        staged.Where(column => !column.Name.StartsWith("_sluice_", StringComparison.OrdinalIgnoreCase) && !_key.Contains(column));

    // Two hashes of all values: rows of one key are taken for the same only if both agree.
    private string Word
    {
        get
        {
            var values = string.Join(", ", Data.Select(column => column.Same).DefaultIfEmpty("0"));
            return $"sipHash64({values}), cityHash64({values})";
        }
    }

    private string Number => $"toUInt64({version.ToString(CultureInfo.InvariantCulture)})";

    // The rows of the table once more, as this load's.
    private string Again(string deleted, string which) =>
        $"INSERT INTO {tables.Delta} ({Names(live.Columns)}) SELECT {Columns(deleted, "0")} FROM {live.Rows()} WHERE {which}";

    private string Columns(string deleted, string isDeleted) => string.Join(", ", live.Columns.Select(column => column.Name switch
    {
        ClickHouseTable.Version => Number,
        ClickHouseTable.IsDeleted => isDeleted,
        Deleted => deleted,
        _ => column.Quoted,
    }));

    private static string Names(IEnumerable<ClickHouseColumn> columns, string? more = null) =>
        string.Join(", ", columns.Select(column => column.Quoted).Concat(more is null ? [] : [more]).DefaultIfEmpty(ClickHouseTable.Row));
}
