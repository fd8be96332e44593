using Sluice.Destinations.Staging;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Relational;

/// <summary>Brings staged rows into a table that is there, inside the session's transaction.</summary>
internal sealed class Publication(RelationalDatabase database, Session session, StagedTable staged, Checkpoint checkpoint)
{
    private const string Temporary = "_sluice_new_rows";
    private readonly LoadTarget _target = staged.Target;
    private readonly SqlDialect _dialect = database.Dialect;

    /// <summary>The staged rows are brought into a table that has rows; those that it has word for word are not written again.</summary>
    public async Task<LoadResult> ChangeAsync(OrderedDictionary<string, ColumnType> live, CancellationToken cancel)
    {
        var (work, changes) = await BesideAsync(live, cancel);
        var marked = live.ContainsKey(StageSql.DeletedAt) && await session.ScalarAsync(work.Sql.CountMarked, cancel) > 0;
        var result = new LoadResult
        {
            Returned = marked && work.HasKey ? await SumAsync(work.Came, work.Sql.Unmark, cancel) : 0,
            Deleted = checkpoint.IsComplete && work.HasKey ? await DeleteVanishedAsync(work, cancel) : 0,
            SchemaChanges = changes,
        };
        var loaded = staged.Counts.Rows > 0 || _target.Strategy == Strategy.DeleteInsert ? await ApplyAsync(work, cancel) : 0;
        return result with
        {
            Loaded = loaded,
            Unchanged = staged.Counts.Rows - loaded,
            TableRows = await CountAsync(session, _target, live.ContainsKey(StageSql.DeletedAt), cancel),
        };
    }

    /// <summary>The staged rows take the place of the table's, in the table itself: something hangs on it that a new one would not have.</summary>
    public async Task<LoadResult> RefillAsync(OrderedDictionary<string, ColumnType> live, CancellationToken cancel)
    {
        var knewMarks = live.ContainsKey(StageSql.DeletedAt);
        var knewKey = _target.PrimaryKey.All(live.ContainsKey);
        var (work, changes) = await BesideAsync(live, cancel);
        var keeps = work.HasKey && knewKey && !_target.StartsOver;
        var result = new LoadResult
        {
            Returned = keeps && knewMarks ? await CountAsync(work.Came, work.Sql.CountReturned, cancel) : 0,
            Deleted = keeps && checkpoint.IsComplete ? await CountAsync(work.Any, same => work.Sql.CountVanished(same, knewMarks), cancel) : 0,
            SchemaChanges = changes,
        };
        if (keeps && Carries(checkpoint, _target))
        {
            await (checkpoint.IsComplete ? SumAsync(work.Any, work.Sql.MarkVanished, cancel, ("at", _target.LoadedAt)) : Task.FromResult(0L));
            await SumAsync(work.Came, work.Sql.DeleteThatCame, cancel);
        }
        else
        {
            await session.RunAsync(work.Sql.DeleteAll, cancel);
        }

        return result with
        {
            Loaded = await session.RunAsync(work.Sql.InsertAll, cancel),
            TableRows = await CountAsync(session, _target, _target.MarksDeleted, cancel),
        };
    }

    /// <summary>Whether rows of the old table that did not come are kept in one that is replaced.</summary>
    public static bool Carries(Checkpoint checkpoint, LoadTarget target) => checkpoint.HasGaps || (checkpoint.IsComplete && target.MarksDeleted);

    /// <summary>Counts the table's rows, those marked as deleted left out.</summary>
    public static Task<long> CountAsync(Session session, LoadTarget target, bool marked, CancellationToken cancel) => session.ScalarAsync(
        $"SELECT count(*) FROM {session.Words.Table(target.Schema, target.Table)}{(marked ? $" WHERE {StageSql.DeletedAt} IS NULL" : "")}", cancel);

    // The rows are brought near first, so that readers are in nobody's way.
    private async Task<(Work Work, IReadOnlyList<SchemaChange> Changes)> BesideAsync(OrderedDictionary<string, ColumnType> live, CancellationToken cancel)
    {
        var types = await StagedReading.ColumnsAsync(staged, cancel);
        var changes = await new LiveFitting(session, _dialect, _target).FitAsync(live, staged, types, cancel);
        var columns = types.Keys.Select(column => new LoadColumn(LiveFitting.NameIn(live, column), live[column], column)).ToList();
        var key = _target.PrimaryKey.Select(column => LiveFitting.NameIn(live, column)).ToList();
        var aside = _dialect.Temporary(Temporary);
        var defined = columns.Select(column => $"{_dialect.Quote(column.Name)} {_dialect.Type(column.Type, key.Contains(column.Name, StringComparer.Ordinal))}");
        await session.RunAsync(_dialect.CreateTemporary(Temporary, string.Join(", ", defined)), cancel);
        await using (var rows = await StagedReading.RowsAsync(staged, types, columns, cancel))
        {
            await database.WriteAsync(session, aside, columns, isNew: false, rows, cancel);
        }

        if (key.Count > 0)
        {
            await _dialect.PrepareJoinAsync(session, new JoinedTable(null, Temporary), key, cancel);
        }

        var sql = new PublicationSql(_dialect, _dialect.Table(_target.Schema, _target.Table), aside, [.. columns.Select(column => column.Name)], key);
        return (new Work(sql, key, key.Count > 0 && await session.ScalarAsync(sql.HasIncompleteKeys, cancel) > 0), changes);
    }

    private async Task<long> DeleteVanishedAsync(Work work, CancellationToken cancel) => checkpoint.Deletes switch
    {
        DeletePolicy.Soft => await SumAsync(work.Any, work.Sql.MarkVanished, cancel, ("at", _target.LoadedAt)),
        DeletePolicy.Hard => await SumAsync(work.Any, work.Sql.DeleteVanished, cancel),
        _ => 0,
    };

    private async Task<long> ApplyAsync(Work work, CancellationToken cancel)
    {
        switch (_target.Strategy)
        {
            case Strategy.Merge when work.HasKey:
                return await MergeAsync(work, cancel);
            case Strategy.DeleteInsert when _target.IncrementalKey is not null:
                await session.RunAsync(work.Sql.DeleteRange(_target.IncrementalKey, _target.Interval), cancel, Range());
                await (work.HasKey ? session.RunAsync(work.Sql.DeleteThatCame(work.Sql.WithKey), cancel) : Task.FromResult(0L));
                return await session.RunAsync(work.Sql.InsertAll, cancel);
            case Strategy.Append when work.HasKey:
                await KeyIndex.EnsureAsync(session, _dialect, _target.Schema, _target.Table, work.Key, isUnique: false, cancel);
                return await SumAsync(work.Came, work.Sql.InsertDifferent, cancel);
            case Strategy.Append:
                return await session.RunAsync(work.Sql.InsertAll, cancel);
            default:
                throw new SluiceException(
                    SluiceErrorKind.Config,
                    $"{_target.Strategy} into {_target.Schema}.{_target.Table} needs a key to know rows by.",
                    "Give --primary-key (merge) or --incremental-key (delete+insert), or choose --incremental-strategy replace.");
        }
    }

    private async Task<long> MergeAsync(Work work, CancellationToken cancel)
    {
        var incomplete = work.HasIncomplete ? await session.RunAsync(work.Sql.InsertDifferent(work.Sql.WithoutKey), cancel) : 0;
        if (await IndexAsync(work, cancel))
        {
            return incomplete + await session.RunAsync(work.Sql.Upsert, cancel);
        }

        return incomplete + await session.RunAsync(work.Sql.UpdateChanged, cancel) + await session.RunAsync(work.Sql.InsertMissing, cancel);
    }

    private async Task<bool> IndexAsync(Work work, CancellationToken cancel)
    {
        if (_dialect.MostKeyBytes is { } most && await StagedReading.LongestKeyAsync(staged, cancel) > most)
        {
            await KeyIndex.DropAsync(session, _dialect, _target.Schema, _target.Table, cancel);
            return false;
        }

        var outcome = await KeyIndex.EnsureAsync(session, _dialect, _target.Schema, _target.Table, work.Key, isUnique: true, cancel);
        return outcome == IndexOutcome.HasDoubles
            ? throw new SluiceException(
                SluiceErrorKind.Destination,
                $"{_target.Schema}.{_target.Table} has several rows with the same {string.Join(", ", work.Key)}: merge could not tell which of them to bring up to date.",
                "Remove the doubles, or load the table anew with --full-refresh.")
            : outcome == IndexOutcome.Made;
    }

    private async Task<long> SumAsync(IEnumerable<SameRow> sorts, Func<SameRow, string> sql, CancellationToken cancel, params (string Name, object? Value)[] values)
    {
        var sum = 0L;
        foreach (var sort in sorts)
        {
            sum += await session.RunAsync(sql(sort), cancel, values);
        }

        return sum;
    }

    private async Task<long> CountAsync(IEnumerable<SameRow> sorts, Func<SameRow, string> sql, CancellationToken cancel)
    {
        var sum = 0L;
        foreach (var sort in sorts)
        {
            sum += await session.ScalarAsync(sql(sort), cancel);
        }

        return sum;
    }

    private (string Name, object? Value)[] Range() =>
        [.. new (string, object?)[] { ("from", _target.Interval.Start), ("to", _target.Interval.End) }.Where(bound => bound.Item2 is not null)];

    /// <summary>The rows beside the table.</summary>
    private sealed record Work(PublicationSql Sql, IReadOnlyList<string> Key, bool HasIncomplete)
    {
        public bool HasKey => Key.Count > 0;

        /// <summary>The sorts of rows that came.</summary>
        public IEnumerable<SameRow> Came => HasIncomplete ? [Sql.WithKey, Sql.WithoutKey] : [Sql.WithKey];

        /// <summary>The sorts of rows that a table may have.</summary>
        public IEnumerable<SameRow> Any => [Sql.WithKey, Sql.WithoutKey];
    }
}
