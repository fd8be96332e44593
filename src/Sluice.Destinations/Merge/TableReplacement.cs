using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Merge;

/// <summary>Makes a table of the staged rows and puts it in the place of the one that is there, inside the session's transaction.</summary>
internal sealed class TableReplacement(MergeContext context)
{
    private readonly DbSession _session = context.Session;
    private readonly SqlDialect _dialect = context.Dialect;
    private readonly LoadTarget _target = context.Target;
    private readonly SchemaEvolution _evolution = new(context);

    // Rows that are staged in the database itself are the new table.
    private readonly string _name = context.Writer is null
        ? context.Staged.Table
        : context.Dialect.Names.Limit.Short("_sluice_new_", context.Target.Table, "");

    private string Made => _dialect.Table(_target.Schema, _name);

    /// <summary>Rows that Customer.io no longer has go with the old table, or stay with their mark.</summary>
    public async Task<LoadResult> RunAsync(OrderedDictionary<string, ColumnType> live, CancellationToken cancel)
    {
        var result = await GatherAsync(live, cancel);
        var made = await _dialect.ColumnsAsync(_session, _target.Schema, _name, cancel);
        await TableComments.AddAsync(_session, _target, _name, cancel);
        var rows = await MergeContext.CountAsync(_session, _target with { Table = _name }, _target.MarksDeleted, cancel);
        await _dialect.SwapAsync(_session, _target.Schema, _name, _target.Table, live.Count > 0, cancel);
        return result with
        {
            TableRows = rows,
            SchemaChanges = [.. live.Keys.Where(column => !made.ContainsKey(column)).Select(Removed)],
        };
    }

    /// <summary>Makes the new table have all its rows.</summary>
    public async Task<LoadResult> GatherAsync(OrderedDictionary<string, ColumnType> live, CancellationToken cancel)
    {
        var plan = context.Plan(live);
        var types = await StagedRowsReader.ColumnsAsync(context.Staged, cancel);
        var columns = await MakeAsync(types, plan.CarriesOver ? live : [], cancel);
        var key = _target
            .PrimaryKey.Select(name => columns.First(column => string.Equals(column.Staged, name, StringComparison.OrdinalIgnoreCase)).Name)
            .ToList();
        var sql = new MergeSql(_dialect, context.Whole, Made, [.. columns.Select(column => column.Name)], key);
        var result = new LoadResult { Loaded = context.Staged.Counts.Rows };
        if (!plan.CarriesOver)
        {
            await IndexAsync(key, cancel);
            return plan.Compares ? await CompareAsync(plan, sql, live, result, cancel) : result;
        }

        var joined = new JoinedTable(_target.Schema, _name);
        await _dialect.PrepareJoinAsync(_session, joined, key, cancel);
        result = await CompareAsync(plan, sql, live, result, cancel);
        await _dialect.EndJoinAsync(_session, joined, cancel);
        await IndexAsync(key, cancel);
        return result;
    }

    // Rows that are carried over must fit, too, and columns that only they have are kept with them.
    private async Task<IReadOnlyList<LoadColumn>> MakeAsync(
        OrderedDictionary<string, ColumnType> types, OrderedDictionary<string, ColumnType> carried, CancellationToken cancel)
    {
        var columns = new List<LoadColumn>();
        foreach (var (column, type) in types)
        {
            var name = SchemaEvolution.NameIn(carried, column);
            columns.Add(
                new LoadColumn(
                    name, carried.TryGetValue(column, out var had) ? await _evolution.BothAsync(name, had, column, type, cancel) : type, column));
        }

        var more = carried.Where(column => !types.ContainsKey(column.Key)).ToList();
        if (context.Writer is null)
        {
            await FitAsync(types, columns, more, cancel);
            return columns;
        }

        var defined = columns
            .Select(column => (column.Name, column.Type))
            .Concat(more.Select(column => (Name: column.Key, Type: column.Value)))
            .Select(column => Define(column.Name, column.Type));
        await _session.RunAsync($"DROP TABLE IF EXISTS {Made}", cancel);
        await _session.RunAsync($"CREATE TABLE {Made} ({string.Join(", ", defined)})", cancel);
        await using var rows = await StagedRowsReader.ReadAsync(context.Staged, types, columns, cancel);
        await context.Writer.WriteAsync(_session, Made, columns, isNew: true, rows, cancel);
        return columns;
    }

    private async Task FitAsync(
        OrderedDictionary<string, ColumnType> types,
        IReadOnlyList<LoadColumn> columns,
        IReadOnlyList<KeyValuePair<string, ColumnType>> more,
        CancellationToken cancel)
    {
        var wider = columns
            .Where(column => types[column.Staged] != column.Type)
            .Select(column => new Widening(column.Staged, types[column.Staged], column.Type, IsKey(column.Name)))
            .ToList();
        await (wider.Count == 0 ? Task.CompletedTask : _dialect.WidenAsync(_session, _target.Schema, _name, wider, cancel));
        foreach (var (name, type) in more)
        {
            await _session.RunAsync($"ALTER TABLE {Made} ADD COLUMN {Define(name, type)}", cancel);
        }
    }

    private SchemaChange Removed(string column) => new(
        $"{_target.Schema}.{_target.Table}", column, "removed: the rows that took the place of the old ones have no such column");

    private string Define(string column, ColumnType type) => $"{_dialect.Quote(column)} {_dialect.Type(type, IsKey(column))}";

    private bool IsKey(string column) => _target.PrimaryKey.Contains(column, StringComparer.OrdinalIgnoreCase);

    // A replaced table may hold a key twice, for it may have been appended to before; the index is for merging and for readers, and is made when it
    // can be.
    private async Task IndexAsync(IReadOnlyList<string> key, CancellationToken cancel)
    {
        if (_dialect.IndexNames == IndexNames.Fixed)
        {
            await KeyIndex.DropAsync(_session, _target.Schema, _target.Table, cancel);
        }

        if (
            key.Count > 0
            && (_dialect.MostKeyBytes(key.Count) is not { } most || await StagedRowsReader.LongestKeyAsync(context.Staged, cancel) <= most))
        {
            var isUnique = _target.Strategy is Strategy.Replace or Strategy.Merge;
            var called = _dialect.IndexNames == IndexNames.Renamed ? _name : _target.Table;
            var index = KeyIndex.Of(_dialect, _target.Schema, called, key, isUnique);
            await _dialect.CreateIndexAsync(_session, index with { Table = _name }, cancel);
        }
    }

    private async Task<LoadResult> CompareAsync(
        MergePlan plan, MergeSql sql, OrderedDictionary<string, ColumnType> live, LoadResult result, CancellationToken cancel)
    {
        var sorts = await sql.SortsAsync(_session, cancel);
        var marks = plan.Restores ? await _session.ScalarAsync(sql.CountMarked, cancel) : 0;
        var restored = marks == 0 ? 0 : await context.CountAsync(sorts, sql.CountRestored, cancel);
        var vanished = plan.CarriesOver ? await CarryOverAsync(plan, sql, sorts, live, cancel)
            : plan.Vanished == DeletePolicy.Ignore ? 0
            : await context.CountAsync(sorts, same => sql.CountVanished(same, marked: false), cancel);

        // Rows that are marked and did not come back had vanished before.
        return result with { Returned = restored, Deleted = plan.Vanished == DeletePolicy.Ignore ? 0 : vanished - (marks - restored) };
    }

    private Task<long> CarryOverAsync(
        MergePlan plan,
        MergeSql sql,
        IReadOnlyList<SameRow> sorts,
        OrderedDictionary<string, ColumnType> live,
        CancellationToken cancel
    ) =>
        plan.Vanished == DeletePolicy.Ignore
            ? context.RunAsync(sorts, same => sql.CarryOver(same, live.Keys, marks: false), cancel)
            : context.RunAsync(sorts, same => sql.CarryOver(same, live.Keys, marks: true), cancel, ("at", _target.LoadedAt));
}
