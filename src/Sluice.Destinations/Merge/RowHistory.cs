using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;

namespace Sluice.Destinations.Merge;

/// <summary>
/// Brings the history of a table up to date in the transaction of its load. What is compared is the whole table with the versions that are open:
/// however rows were changed, and even if a load in between kept no history, the open versions are those of the table afterwards.
/// </summary>
internal sealed class RowHistory(DbSession session, LoadTarget target)
{
    private const string Old = "old", New = "new";

    private readonly SqlDialect _dialect = session.Dialect;
    private readonly string _name = HistoryTable.NameOf(target.Table, session.Dialect.Names.Limit);

    private string Live => _dialect.Table(target.Schema, target.Table);

    private string History => _dialect.Table(target.Schema, _name);

    /// <summary>Fails, before anything is read, when the table can't have a history.</summary>
    public async Task RequireFitAsync(IEnumerable<string> columns, CancellationToken cancel)
    {
        HistoryTable.RequireFreeNames(target, columns);
        var had = await _dialect.ColumnsAsync(session, target.Schema, _name, cancel);
        if (had.Count > 0)
        {
            HistoryTable.RequireOurs($"{target.Schema}.{_name}", had.Keys);
        }
    }

    /// <summary>What is told where rows and their versions can't become visible together.</summary>
    /// <param name="target">The table.</param>
    /// <param name="why">Why they can't, as the end of a sentence.</param>
    public static SluiceException Refused(LoadTarget target, string why) => new(
        SluiceErrorKind.Config,
        $"{target.Schema}.{target.Table} can't have a history: {why}.",
        "Take --history (history: true) away, or load into DuckDB, PostgreSQL, SQLite or ClickHouse.");

    /// <summary>Closes versions that are no longer those of the table, and opens one for each row that has none; gives how many.</summary>
    public async Task<(long Ended, long Begun)> FollowAsync(CancellationToken cancel)
    {
        var live = await _dialect.ColumnsAsync(session, target.Schema, target.Table, cancel);
        if (live.Count == 0)
        {
            return (0, 0);
        }

        var data = new OrderedDictionary<string, ColumnType>(
            live.Where(column => !SystemColumns.IsOwn(column.Key)), StringComparer.OrdinalIgnoreCase);
        HistoryTable.RequireFreeNames(target, data.Keys);
        var types = await MakeAsync(data, cancel);
        var key = target.PrimaryKey.Select(column => SchemaEvolution.NameIn(data, column)).ToList();
        if (_dialect.MostKeyBytes(key.Count) is null)
        {
            await KeyIndex.EnsureAsync(session, target.Schema, _name, key, isUnique: false, cancel);
        }

        var columns = data.Select(column => new VersionColumn(
            _dialect.Quote(column.Key), column.Value == types[column.Key] ? null : _dialect.Type(types[column.Key]))).ToList();
        var keys = columns.Where((_, place) => key.Contains(data.GetAt(place).Key, StringComparer.Ordinal)).ToList();
        var sql = new VersionSql(_dialect, History, Live, columns, keys, live.ContainsKey(SystemColumns.DeletedAt));
        var (ended, begun) = (0L, 0L);
        foreach (var sort in await SortsAsync(sql, cancel))
        {
            ended += await session.RunAsync(sql.End(sort), cancel, ("at", target.LoadedAt));
            begun += await session.RunAsync(sql.Begin(sort), cancel, ("at", target.LoadedAt));
        }

        return (ended, begun);
    }

    // Gives the types that the history's columns have.
    private async Task<IReadOnlyDictionary<string, ColumnType>> MakeAsync(OrderedDictionary<string, ColumnType> data, CancellationToken cancel)
    {
        var had = await _dialect.ColumnsAsync(session, target.Schema, _name, cancel);
        if (had.Count == 0)
        {
            var defined = data
                .Append(KeyValuePair.Create(HistoryTable.ValidFrom, ColumnType.Timestamp))
                .Append(KeyValuePair.Create(HistoryTable.ValidTo, ColumnType.Timestamp))
                .Select(column => Define(column.Key, column.Value));
            await session.RunAsync($"CREATE TABLE {History} ({string.Join(", ", defined)})", cancel);
            return data;
        }

        HistoryTable.RequireOurs($"{target.Schema}.{_name}", had.Keys);
        var widenings = new List<Widening>();
        foreach (var (column, type) in data)
        {
            if (!had.TryGetValue(column, out var before))
            {
                await session.RunAsync($"ALTER TABLE {History} ADD COLUMN {Define(column, type)}", cancel);
                had.Add(column, type);
            }
            else if (before != type && await WiderAsync(column, before, type, cancel) is var wider && wider != before)
            {
                widenings.Add(new Widening(SchemaEvolution.NameIn(had, column), before, wider, IsKey(column)));
                had[column] = wider;
            }
        }

        await (widenings.Count == 0 ? Task.CompletedTask : _dialect.WidenAsync(session, target.Schema, _name, widenings, cancel));
        return had;
    }

    // The type that holds what versions have had and what the table has.
    private async Task<ColumnType> WiderAsync(string column, ColumnType had, ColumnType type, CancellationToken cancel) => (had, type) switch
    {
        (ColumnType.Double, ColumnType.Bigint) when await FitsDoubleAsync(Live, column, cancel) => had,
        (ColumnType.Bigint, ColumnType.Double) when await FitsDoubleAsync(History, column, cancel) => type,
        _ => ColumnType.Text,
    };

    private async Task<bool> FitsDoubleAsync(string table, string column, CancellationToken cancel) =>
        (await SchemaEvolution.LongIntegersAsync(session, table, [column], cancel)).Count == 0;

    private async Task<IReadOnlyList<SameRow>> SortsAsync(VersionSql sql, CancellationToken cancel) =>
        await session.ScalarAsync(sql.CountIncompleteKeys, cancel) > 0 ? [sql.WithKey, sql.WithoutKey] : [sql.WithKey];

    private string Define(string column, ColumnType type) => $"{_dialect.Quote(column)} {_dialect.Type(type, IsKey(column))}";

    private bool IsKey(string column) => target.PrimaryKey.Contains(column, StringComparer.OrdinalIgnoreCase);

    /// <summary>A column of both tables.</summary>
    /// <param name="Quoted">Its name, quoted.</param>
    /// <param name="Cast">The type that the history has, where the table's is another one; null where it is the same.</param>
    private sealed record VersionColumn(string Quoted, string? Cast)
    {
        public string OfOld => $"{Old}.{Quoted}";

        public string OfNew => Cast is null ? $"{New}.{Quoted}" : $"CAST({New}.{Quoted} AS {Cast})";
    }

    /// <summary>The statements between a table ("new") and the versions of its rows ("old").</summary>
    private sealed class VersionSql(
        SqlDialect dialect, string history, string live, IReadOnlyList<VersionColumn> columns, IReadOnlyList<VersionColumn> key, bool isMarked)
    {
        private const string IsOpen = $"{Old}.{HistoryTable.ValidTo} IS NULL";

        public SameRow WithKey { get; } = new(
            string.Join(" AND ", key.Select(column => $"{column.OfOld} = {column.OfNew}")),
            string.Join(" AND ", key.Select(column => $"{column.OfOld} IS NOT NULL")),
            string.Join(" AND ", key.Select(column => $"{column.OfNew} IS NOT NULL")));

        public SameRow WithoutKey { get; } = new(
            string.Join(
                " AND ", key.Select(column => $"{column.OfOld} {dialect.Same} {column.OfNew}{dialect.HashHint(column.OfOld, column.OfNew)}")),
            $"({string.Join(" OR ", key.Select(column => $"{column.OfOld} IS NULL"))})",
            $"({string.Join(" OR ", key.Select(column => $"{column.OfNew} IS NULL"))})");

        public string CountIncompleteKeys =>
            $"SELECT (SELECT count(*) FROM (SELECT 1 FROM {live} AS {New} WHERE {WithoutKey.OfNew} LIMIT 1) AS a) + "
            + $"(SELECT count(*) FROM (SELECT 1 FROM {history} AS {Old} WHERE {WithoutKey.OfOld} LIMIT 1) AS b)";

        public string End(SameRow same) =>
            $"UPDATE {history} AS {Old} SET {HistoryTable.ValidTo} = {dialect.Parameter("at")} WHERE {IsOpen} AND {same.OfOld} "
            + $"AND NOT EXISTS (SELECT 1 FROM {live} AS {New} WHERE {same.Condition} AND {IsThere} AND {IsSame})";

        public string Begin(SameRow same) =>
            $"INSERT INTO {history} ({string.Join(", ", columns.Select(column => column.Quoted))}, {HistoryTable.ValidFrom}) "
            + $"SELECT {string.Join(", ", columns.Select(column => column.OfNew))}, {dialect.Parameter("at")} FROM {live} AS {New} "
            + $"WHERE {IsThere} AND {same.OfNew} "
            + $"AND NOT EXISTS (SELECT 1 FROM {history} AS {Old} WHERE {IsOpen} AND {same.Condition} AND {IsSame})";

        private string IsThere => isMarked ? $"{New}.{SystemColumns.DeletedAt} IS NULL" : "1 = 1";

        private string IsSame
        {
            get
            {
                var values = columns.Where(column => !key.Contains(column)).ToList();
                return values.Count == 0 ? "1 = 1" : dialect.SameValues(values.Select(value => value.OfOld), values.Select(value => value.OfNew));
            }
        }
    }
}
