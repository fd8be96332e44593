using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Merge;

/// <summary>Does what the plan says to a table that is there, inside the session's transaction.</summary>
internal sealed class TableMerge(MergeContext context)
{
    private const string Temporary = "_sluice_new_rows";
    private readonly DbSession _session = context.Session;
    private readonly SqlDialect _dialect = context.Dialect;
    private readonly LoadTarget _target = context.Target;

    private long _unknown;

    private long Staged => context.Staged.Counts.Rows - _unknown;

    /// <summary>The staged rows are brought into a table that has rows; those that it has word for word are not written again.</summary>
    public async Task<LoadResult> ChangeAsync(OrderedDictionary<string, ColumnType> live, CancellationToken cancel)
    {
        var (rows, changes) = await BringAsync(live, cancel);
        _unknown = await TakeOverAsync(rows.Sql, cancel);
        var plan = context.Plan(live);

        // The index before all else that is done to the table: there are databases in which it commits.
        var isIndexed = context.Writer is not null && plan.Acts(Staged) && await PrepareIndexAsync(plan, rows, cancel);
        var restored =
            plan.Restores && await _session.ScalarAsync(rows.Sql.CountMarked, cancel) > 0
                ? await context.RunAsync(rows.Came, rows.Sql.Restore, cancel)
                : 0;
        var deleted = plan.Vanished switch
        {
            DeletePolicy.Soft => await context.RunAsync(
                await rows.Sql.SortsAsync(_session, cancel),
                rows.Sql.MarkVanished,
                cancel,
                ("at", _target.LoadedAt)),
            DeletePolicy.Hard => await context.RunAsync(await rows.Sql.SortsAsync(_session, cancel), rows.Sql.DeleteVanished, cancel),
            _ => 0,
        };
        var loaded = await (
            context.Writer is null ? MergeInPlaceAsync(plan, rows, cancel)
            : plan.Acts(Staged) ? ApplyAsync(plan, rows, isIndexed, cancel)
            : Task.FromResult(0L));
        await DropIncomingAsync(cancel);
        return new LoadResult
        {
            Returned = restored,
            Deleted = deleted,
            Loaded = loaded,
            Unchanged = Staged - loaded,
            TableRows = await MergeContext.CountAsync(_session, _target, plan.IsMarked, cancel),
            SchemaChanges = changes,
        };
    }

    /// <summary>Gives the rows that came what stays of those that are there, and takes away those that are of no use; tells how many.</summary>
    public async Task<long> TakeOverAsync(MergeSql sql, CancellationToken cancel)
    {
        if (context.Unknown is { } unknown)
        {
            return unknown;
        }

        if (_target.Rules.Any(rule => rule.Value != MergeRule.Replace && sql.Writes(rule.Key)))
        {
            await _session.RunAsync(sql.TakeOver(context.Whole, _target.Rules), cancel);
        }

        return _target.OnlyKnown ? await _session.RunAsync(sql.DropUnknown(context.Whole), cancel) : 0;
    }

    /// <summary>The staged rows take the place of the table's, in the table itself: something hangs on it that a new one would not have.</summary>
    public async Task<LoadResult> RefillAsync(OrderedDictionary<string, ColumnType> live, CancellationToken cancel)
    {
        var plan = context.Plan(live);
        var (rows, changes) = await BringAsync(live, cancel);
        var result = new LoadResult
        {
            Returned = plan.Restores ? await context.CountAsync(rows.Came, rows.Sql.CountRestored, cancel) : 0,
            Deleted =
                plan.Vanished == DeletePolicy.Ignore
                    ? 0
                    : await context.CountAsync(
                        await rows.Sql.SortsAsync(_session, cancel),
                        same => rows.Sql.CountVanished(same, plan.IsMarked),
                        cancel),
        };
        var own = live.Keys.Where(column => !rows.Sql.Writes(column)).ToList();
        var before = await FilledAsync(own, cancel);
        if (plan.CarriesOver)
        {
            await (
                plan.Vanished == DeletePolicy.Ignore
                    ? Task.FromResult(0L)
                    : context.RunAsync(await rows.Sql.SortsAsync(_session, cancel), rows.Sql.MarkVanished, cancel, ("at", _target.LoadedAt)));
            await context.RunAsync(rows.Came, rows.Sql.DeleteThatCame, cancel);
        }
        else
        {
            await _session.RunAsync(rows.Sql.DeleteAll, cancel);
        }

        var loaded = await _session.RunAsync(context.Writer is null ? await InsertInPlaceAsync(rows, cancel) : rows.Sql.InsertAll, cancel);
        await DropIncomingAsync(cancel);
        return result with
        {
            Loaded = loaded,
            TableRows = await MergeContext.CountAsync(_session, _target, _target.MarksDeleted, cancel),
            SchemaChanges = [.. changes, .. Emptied(own, before, await FilledAsync(own, cancel))],
        };
    }

    // How many rows have a value in columns that the load does not have, and how many have none.
    private async Task<IReadOnlyList<(long With, long Without)>> FilledAsync(IReadOnlyList<string> columns, CancellationToken cancel) =>
        columns.Count == 0
            ? []
            : (await _session.ListAsync(
                $"SELECT count(*), {string.Join(", ", columns.Select(column => $"count({_dialect.Quote(column)})"))} FROM {context.Live}",
                row => columns.Select((_, place) => (row.GetInt64(place + 1), row.GetInt64(0) - row.GetInt64(place + 1))).ToList(),
                cancel))[0];

    // What a default or a formula does not fill again goes with the replaced rows.
    private IEnumerable<SchemaChange> Emptied(
        IEnumerable<string> columns,
        IEnumerable<(long With, long Without)> before,
        IEnumerable<(long With, long Without)> after
    ) =>
        columns
            .Zip(before, after)
            .Where(column => column.Third.With < column.Second.With && column.Third.Without > (column.Third.With == 0 ? 0 : column.Second.Without))
            .Select(column => new SchemaChange(
                $"{_target.Schema}.{_target.Table}", column.First, "emptied: the rows that took the place of the old ones have no value for it"));

    private async Task<string> InsertInPlaceAsync(Incoming rows, CancellationToken cancel) =>
        rows.Sql.InsertFrom((await LongRows.OfAsync(context.Staged.Connection, context.Staged.Name, cancel)).Source());

    // Another table of the same transaction may need the name.
    private Task DropIncomingAsync(CancellationToken cancel) =>
        context.Writer is null ? Task.CompletedTask : _session.RunAsync(_dialect.DropTemporary(Temporary), cancel);

    // The rows are brought near first, so that readers are in nobody's way.
    private async Task<(Incoming Rows, IReadOnlyList<SchemaChange> Changes)> BringAsync(
        OrderedDictionary<string, ColumnType> live, CancellationToken cancel)
    {
        var types = await StagedRowsReader.ColumnsAsync(context.Staged, cancel);
        var changes = await new SchemaEvolution(context).FitAsync(live, types, cancel);
        await TableComments.AddAsync(_session, _target, _target.Table, cancel);
        var columns = types.Keys.Select(column => new LoadColumn(SchemaEvolution.NameIn(live, column), live[column], column)).ToList();
        var key = _target.PrimaryKey.Select(column => SchemaEvolution.NameIn(live, column)).ToList();
        var table = context.Writer is null ? context.Staged.Name : _dialect.Temporary(Temporary);
        if (context.Writer is { } writer)
        {
            var defined = columns.Select(column =>
                $"{_dialect.Quote(column.Name)} {_dialect.Type(column.Type, key.Contains(column.Name, StringComparer.Ordinal))}");
            await _session.RunAsync(_dialect.CreateTemporary(Temporary, string.Join(", ", defined)), cancel);
            await using var rows = await StagedRowsReader.ReadAsync(context.Staged, types, columns, cancel);
            await writer.WriteAsync(_session, table, columns, isNew: false, rows, cancel);
            await (key.Count == 0 ? Task.CompletedTask : _dialect.PrepareJoinAsync(_session, new JoinedTable(null, Temporary), key, cancel));
        }

        var sql = new MergeSql(_dialect, context.Live, table, [.. columns.Select(column => column.Name)], key);
        var hasIncomplete = key.Count > 0 && await _session.ScalarAsync(sql.HasIncompleteKeys, cancel) > 0;
        return (new Incoming(sql, key, live, hasIncomplete), changes);
    }

    // Rows that are staged in the database itself are its own to delete from: what is left of them differs, and is written without another look.
    private async Task<long> MergeInPlaceAsync(MergePlan plan, Incoming rows, CancellationToken cancel)
    {
        var incoming = await LongRows.OfAsync(context.Staged.Connection, context.Staged.Name, cancel);
        var left = Staged - (plan.DropsUnchanged ? await DropUnchangedAsync(rows, incoming, cancel) : 0);
        if (plan.Acts(left))
        {
            if (plan.Action == MergeAction.ReplaceRange)
            {
                await ReplaceRangeAsync(rows, cancel);
                return left;
            }

            await AddInPlaceAsync(plan, rows, incoming, cancel);
        }

        return left;
    }

    // An update holds what was and what comes of every long value in memory; rows that are deleted and inserted cost the new ones alone.
    private async Task AddInPlaceAsync(MergePlan plan, Incoming rows, LongRows incoming, CancellationToken cancel)
    {
        var isLong = incoming.Slices.Count > 1;
        var connection = context.Staged.Connection;
        await MemoryBudget.OfProcess.AllowWriteAsync(connection, _target.Table, 2 * await incoming.BytesAsync(connection, cancel), cancel);
        if (plan.Action == MergeAction.Upsert && isLong)
        {
            await _session.RunAsync(rows.Sql.DeleteThatCame(rows.Sql.WithKey), cancel);
        }

        foreach (var part in incoming.Parts)
        {
            await _session.RunAsync(
                plan.Action == MergeAction.Upsert && !isLong ? rows.Sql.Merge(part) : rows.Sql.InsertFrom(part), cancel);
        }
    }

    private async Task<long> DropUnchangedAsync(Incoming rows, LongRows incoming, CancellationToken cancel)
    {
        const string New = "_sluice_new_hashes", Old = "_sluice_old_hashes";
        var (hashed, connection) = (rows.Sql.Hashed(rows.Types), context.Staged.Connection);
        // A view on files has no row ids, and is short of memory for none of its rows: the files were written with that in mind.
        var old = context.Whole == context.Live
            ? await (await LongRows.OfAsync(connection, context.Live, cancel)).ExtractAsync(connection, hashed, Old, cancel)
            : $"(SELECT {hashed} FROM {context.Whole})";
        var came = await incoming.ExtractAsync(connection, $"rowid AS {MergeSql.Row}, {hashed}", New, cancel);
        var dropped = await _session.RunAsync(rows.Sql.DropUnchanged(came, old), cancel);
        await connection.RunAsync($"DROP TABLE IF EXISTS temp.{New}; DROP TABLE IF EXISTS temp.{Old}", cancel);
        return dropped;
    }

    // Whether each key is known to be in the table once, by a unique index.
    private async Task<bool> PrepareIndexAsync(MergePlan plan, Incoming rows, CancellationToken cancel)
    {
        if (plan.Action == MergeAction.AppendNew)
        {
            await KeyIndex.EnsureAsync(_session, _target.Schema, _target.Table, rows.Key, isUnique: false, cancel);
        }

        return plan.Action == MergeAction.Upsert && await IndexAsync(rows, cancel);
    }

    private Task<long> ApplyAsync(MergePlan plan, Incoming rows, bool isIndexed, CancellationToken cancel) => plan.Action switch
    {
        MergeAction.Upsert => UpsertAsync(rows, isIndexed && _dialect.HasOnConflict, cancel),
        MergeAction.ReplaceRange => ReplaceRangeAsync(rows, cancel),
        MergeAction.AppendNew => context.RunAsync(rows.Came, rows.Sql.InsertDifferent, cancel),
        _ => _session.RunAsync(rows.Sql.InsertAll, cancel),
    };

    private async Task<long> ReplaceRangeAsync(Incoming rows, CancellationToken cancel)
    {
        await _session.RunAsync(rows.Sql.DeleteRange(_target.IncrementalKey!, _target.Interval), cancel, MergeSql.Bounds(_target.Interval));
        await (rows.Key.Count > 0 ? _session.RunAsync(rows.Sql.DeleteThatCame(rows.Sql.WithKey), cancel) : Task.FromResult(0L));
        return await _session.RunAsync(rows.Sql.InsertAll, cancel);
    }

    private async Task<long> UpsertAsync(Incoming rows, bool byIndex, CancellationToken cancel)
    {
        var incomplete = rows.HasIncomplete ? await _session.RunAsync(rows.Sql.InsertDifferent(rows.Sql.WithoutKey), cancel) : 0;
        return incomplete + (byIndex
            ? await _session.RunAsync(rows.Sql.Upsert, cancel)
            : await _session.RunAsync(rows.Sql.UpdateChanged, cancel) + await _session.RunAsync(rows.Sql.InsertMissing, cancel));
    }

    private async Task<bool> IndexAsync(Incoming rows, CancellationToken cancel)
    {
        if (_dialect.MostKeyBytes(rows.Key.Count) is { } most && await StagedRowsReader.LongestKeyAsync(context.Staged, cancel) > most)
        {
            await KeyIndex.DropAsync(_session, _target.Schema, _target.Table, cancel);
            return false;
        }

        var outcome = await KeyIndex.EnsureAsync(_session, _target.Schema, _target.Table, rows.Key, isUnique: true, cancel);
        return outcome == IndexOutcome.HasDuplicates
            ? throw new SluiceException(
                SluiceErrorKind.Destination,
                $"{_target.Schema}.{_target.Table} has several rows with the same {string.Join(", ", rows.Key)}: merge could not tell which of " +
                    $"them to bring up to date.",
                "Remove the doubles, or load the table anew with --full-refresh.")
            : outcome == IndexOutcome.Made;
    }

    /// <summary>The rows that came, in a table of the database.</summary>
    private sealed record Incoming(
        MergeSql Sql, IReadOnlyList<string> Key, IReadOnlyDictionary<string, ColumnType> Types, bool HasIncomplete)
    {
        /// <summary>The sorts of rows that came.</summary>
        public IEnumerable<SameRow> Came => HasIncomplete ? [Sql.WithKey, Sql.WithoutKey] : [Sql.WithKey];
    }
}
