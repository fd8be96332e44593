using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;

namespace Sluice.Destinations.Relational;

/// <summary>Makes a table of the staged rows and puts it in the place of the one that is there, inside the session's transaction.</summary>
internal sealed class Replacement(RelationalDatabase database, Session session, StagedTable staged, Checkpoint checkpoint)
{
    private readonly LoadTarget _target = staged.Target;
    private readonly SqlDialect _dialect = database.Dialect;
    private readonly string _name = ShortName.Of("_sluice_new_", staged.Target.Table, "", database.Dialect.Names.MostBytes);

    private string Made => _dialect.Table(_target.Schema, _name);

    /// <summary>Rows that Customer.io no longer has go with the old table, or stay with their mark.</summary>
    public async Task<LoadResult> RunAsync(OrderedDictionary<string, ColumnType> live, CancellationToken cancel)
    {
        var keeps = live.Count > 0 && _target.PrimaryKey.Count > 0 && !_target.StartsOver && _target.PrimaryKey.All(live.ContainsKey);
        var carries = keeps && Publication.Carries(checkpoint, _target);
        var types = await StagedReading.ColumnsAsync(staged, cancel);
        var columns = await ColumnsAsync(types, carries ? live : [], cancel);
        await session.RunAsync($"DROP TABLE IF EXISTS {Made}", cancel);
        await session.RunAsync($"CREATE TABLE {Made} ({string.Join(", ", Defined(columns, carries ? live : []))})", cancel);
        var result = new LoadResult { Loaded = await WriteAsync(types, columns, cancel) };
        var key = _target.PrimaryKey.Select(name => columns.First(column => string.Equals(column.Staged, name, StringComparison.OrdinalIgnoreCase)).Name).ToList();
        var sql = new PublicationSql(_dialect, _dialect.Table(_target.Schema, _target.Table), Made, [.. columns.Select(column => column.Name)], key);
        if (carries)
        {
            var joined = new JoinedTable(_target.Schema, _name);
            await _dialect.PrepareJoinAsync(session, joined, key, cancel);
            result = await CompareAsync(sql, live, carries, result, cancel);
            await _dialect.EndJoinAsync(session, joined, cancel);
            await IndexAsync(key, cancel);
        }
        else
        {
            await IndexAsync(key, cancel);
            result = keeps ? await CompareAsync(sql, live, carries, result, cancel) : result;
        }

        await _dialect.SwapAsync(session, _target.Schema, _name, _target.Table, live.Count > 0, cancel);
        return result with { TableRows = await Publication.CountAsync(session, _target, _target.MarksDeleted, cancel) };
    }

    // Rows that are carried over must fit, too.
    private async Task<IReadOnlyList<LoadColumn>> ColumnsAsync(OrderedDictionary<string, ColumnType> types, OrderedDictionary<string, ColumnType> carried, CancellationToken cancel)
    {
        var fitting = new LiveFitting(session, _dialect, _target);
        var columns = new List<LoadColumn>();
        foreach (var (column, type) in types)
        {
            var name = LiveFitting.NameIn(carried, column);
            columns.Add(new LoadColumn(name, carried.TryGetValue(column, out var had) ? await fitting.BothAsync(name, had, staged, column, type, cancel) : type, column));
        }

        return columns;
    }

    // Columns that only deleted rows had are kept with them.
    private IEnumerable<string> Defined(IReadOnlyList<LoadColumn> columns, OrderedDictionary<string, ColumnType> carried) => columns
        .Select(column => (column.Name, column.Type))
        .Concat(carried.Where(column => columns.All(other => !string.Equals(other.Name, column.Key, StringComparison.OrdinalIgnoreCase))).Select(column => (Name: column.Key, Type: column.Value)))
        .Select(column => $"{_dialect.Quote(column.Name)} {_dialect.Type(column.Type, _target.PrimaryKey.Contains(column.Name, StringComparer.OrdinalIgnoreCase))}");

    private async Task<long> WriteAsync(OrderedDictionary<string, ColumnType> types, IReadOnlyList<LoadColumn> columns, CancellationToken cancel)
    {
        await using var rows = await StagedReading.RowsAsync(staged, types, columns, cancel);
        return await database.WriteAsync(session, Made, columns, isNew: true, rows, cancel);
    }

    // A replaced table may hold a key twice, for it may have been appended to before; the index is for merging and for readers, and is made when it can be.
    private async Task IndexAsync(IReadOnlyList<string> key, CancellationToken cancel)
    {
        if (!_dialect.RenamesIndexes)
        {
            await KeyIndex.DropAsync(session, _dialect, _target.Schema, _target.Table, cancel);
        }

        if (key.Count > 0 && (_dialect.MostKeyBytes is not { } most || await StagedReading.LongestKeyAsync(staged, cancel) <= most))
        {
            var isUnique = _target.Strategy is Strategy.Replace or Strategy.Merge;
            var index = KeyIndex.Of(_dialect, _target.Schema, _dialect.RenamesIndexes ? _name : _target.Table, key, isUnique);
            await _dialect.CreateIndexAsync(session, index with { Table = _name }, cancel);
        }
    }

    private async Task<LoadResult> CompareAsync(PublicationSql sql, OrderedDictionary<string, ColumnType> live, bool carries, LoadResult result, CancellationToken cancel)
    {
        var marked = live.ContainsKey(SystemColumns.DeletedAt);
        var marks = marked ? await session.ScalarAsync(sql.CountMarked, cancel) : 0;
        var returned = marks == 0 ? 0 : await session.ScalarAsync(sql.CountReturned(sql.WithKey), cancel) + await session.ScalarAsync(sql.CountReturned(sql.WithoutKey), cancel);
        var vanished = carries ? await CarryOverAsync(sql, sql.WithKey, live, cancel) + await CarryOverAsync(sql, sql.WithoutKey, live, cancel)
            : !checkpoint.IsComplete ? 0
            : await session.ScalarAsync(sql.CountVanished(sql.WithKey, marked: false), cancel) + await session.ScalarAsync(sql.CountVanished(sql.WithoutKey, marked: false), cancel);

        // Rows that are marked and did not come back had vanished before.
        return result with { Returned = returned, Deleted = checkpoint.IsComplete ? vanished - (marks - returned) : 0 };
    }

    private Task<long> CarryOverAsync(PublicationSql sql, SameRow same, OrderedDictionary<string, ColumnType> live, CancellationToken cancel) => checkpoint.IsComplete
        ? session.RunAsync(sql.CarryOver(same, live.Keys, marks: true), cancel, ("at", _target.LoadedAt))
        : session.RunAsync(sql.CarryOver(same, live.Keys, marks: false), cancel);
}
