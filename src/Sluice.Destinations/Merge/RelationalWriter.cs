using System.Data.Common;
using DuckDB.NET.Data;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Merge;

/// <summary>Brings staged rows into a table of a relational database: rows, state, ledger, rejects and mapping in one transaction.</summary>
internal sealed class RelationalWriter(RelationalDatabase database, LoadTarget target) : ITargetWriter
{
    public DuckDBConnection? Stage { get; } = database.OpenStage();

    public NameRules Names => database.Dialect.Names;

    private string Table => $"{target.Schema}.{target.Table}";

    public string? UnsupportedWhen(string column, ColumnType type) => database.UnsupportedWhen(column, type);

    public Task<LiveTable> DescribeAsync(CancellationToken cancel) =>
        TryAsync(
            "Reading",
            async () =>
            {
                await using var session = await database.OpenAsync(cancel);
                var columns = await database.Dialect.ColumnsAsync(session, target.Schema, target.Table, cancel);
                var mapping = ColumnMapping.OfFields(await MappingAsync(session, cancel));
                var integers = mapping
                    .Select(column => column.Column)
                    .Where(column => columns.TryGetValue(column, out var type) && type == ColumnType.Bigint)
                    .ToList();
                return new LiveTable
                {
                    Columns = columns,
                    Mapping = mapping,
                    LongIntegers = await SchemaEvolution.LongIntegersAsync(
                        session,
                        database.Dialect.Table(target.Schema, target.Table),
                        integers,
                        cancel),
                    Committed = await CommittedAsync(session, cancel),
                    Epoch = await EpochAsync(session, cancel),
                };
            },
            cancel);

    public Task RequireFitAsync(IReadOnlyList<TableColumn> columns, CancellationToken cancel) => TryAsync(
        "Reading",
        async () =>
        {
            await using var session = await database.OpenAsync(cancel);
            var live = await database.Dialect.ColumnsAsync(session, target.Schema, target.Table, cancel);
            if (target.KeepsVersions)
            {
                await new RowHistory(session, target).RequireFitAsync(columns.Select(column => column.Name), cancel);
            }

            await new TableFit(session, target).RequireAsync(live, columns, cancel);
            return true;
        },
        cancel);

    public Task<long> CountAsync(CancellationToken cancel) => TryAsync("Reading", async () =>
    {
        await using var session = await database.OpenAsync(cancel);
        var live = await database.Dialect.ColumnsAsync(session, target.Schema, target.Table, cancel);
        return live.Count == 0 ? 0 : await MergeContext.CountAsync(session, target, live.ContainsKey(SystemColumns.DeletedAt), cancel);
    }, cancel);

    public async Task<LoadResult?> WriteAsync(StagedTable staged, Checkpoint checkpoint, CancellationToken cancel) =>
        (await WriteTogetherAsync([new LoadPart(this, staged, checkpoint)], cancel))?[0];

    public Task<IReadOnlyList<LoadResult>?> WriteTogetherAsync(IReadOnlyList<LoadPart> parts, CancellationToken cancel) => TryAsync(
        "Writing",
        async () =>
        {
            try
            {
                return await CommitAllAsync(parts, cancel);
            }
            catch (DbException error) when (database.IsValueError(error) && !cancel.IsCancellationRequested)
            {
                // What values a database refuses is looked for with care only when it has refused one: it takes time, and hardly ever happens.
                var found = false;
                foreach (var part in parts)
                {
                    found |= await part.Staged.RejectAsync(database.RefusedWhen, cancel);
                }

                if (found)
                {
                    return (IReadOnlyList<LoadResult>?)null;
                }

                throw;
            }
        },
        cancel);

    // A stage is closed by its load.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<IReadOnlyList<LoadResult>> CommitAllAsync(IReadOnlyList<LoadPart> parts, CancellationToken cancel)
    {
        if (database.Dialect.HoldsTables)
        {
            return await CommitAsync(parts, cancel);
        }

        var results = new List<LoadResult>();
        foreach (var part in parts)
        {
            results.AddRange(await CommitAsync([part], cancel));
        }

        return results;
    }

    private async Task<IReadOnlyList<LoadResult>> CommitAsync(IReadOnlyList<LoadPart> parts, CancellationToken cancel)
    {
        await using var session = await database.BeginAsync(parts[0].Staged, cancel);
        var results = new List<LoadResult>();
        foreach (var part in parts)
        {
            var context = new MergeContext(database.Dialect, session, part.Staged, part.Checkpoint, database as IRowWriter);
            results.Add(await ((RelationalWriter)part.Writer).ApplyAsync(context, cancel));
        }

        cancel.ThrowIfCancellationRequested();
        await session.CommitAsync();

        // What is committed is made visible, come what may.
        await database.Dialect.FinishAsync(session, target.Schema, CancellationToken.None);
        return results;
    }

    private async Task<LoadResult> ApplyAsync(MergeContext context, CancellationToken cancel)
    {
        var (session, staged) = (context.Session, context.Staged);
        await database.Dialect.LockAsync(session, target.Schema, target.Table, cancel);
        if (await CommittedAsync(session, cancel) is { } done)
        {
            return done;
        }

        await RequireEpochAsync(session, staged, cancel);
        var made = await MergeAsync(context, cancel);
        await ColumnIndexes.EnsureAsync(session, target, cancel);
        var (ended, begun) = target.KeepsVersions ? await new RowHistory(session, target).FollowAsync(cancel) : (0, 0);
        var result = made with
        {
            Doubled = staged.Counts.Doubled,
            Rejected = staged.Counts.Rejected,
            VersionsEnded = ended,
            VersionsBegun = begun,
            SchemaChanges = [.. made.SchemaChanges, .. session.TakeLostViews().Select(Lost)],
        };
        await WriteSystemTablesAsync(context, result, cancel);
        return result;
    }

    private SchemaChange Lost(string view) => new(
        $"{target.Schema}.{target.Table}", view, "the view is gone, for it read a column that is no more: 'sluice models' makes what still fits");

    // Rows that are staged in the database itself are so in a transaction that may be older than what another load has committed.
    private async Task RequireEpochAsync(DbSession session, StagedTable staged, CancellationToken cancel)
    {
        if (Stage is null)
        {
            staged.RequireEpoch(await EpochAsync(session, cancel));
            return;
        }

        await using var fresh = await database.OpenAsync(cancel);
        staged.RequireEpoch(await EpochAsync(fresh, cancel));
    }

    private async Task<LoadResult> MergeAsync(MergeContext context, CancellationToken cancel)
    {
        // Looked at once more under the lock: the one that had it before may have changed the table.
        var live = await database.Dialect.ColumnsAsync(context.Session, target.Schema, target.Table, cancel);
        if (target.OnlyKnown && live.Count == 0)
        {
            return new LoadResult();
        }

        if (!context.Plan(live).Replaces)
        {
            return await new TableMerge(context).ChangeAsync(live, cancel);
        }

        return live.Count > 0 && await IsRefilledAsync(context, cancel)
            ? await new TableMerge(context).RefillAsync(live, cancel)
            : await new TableReplacement(context).RunAsync(live, cancel);
    }

    // A table that does not take the rows is replaced by another one all the same when the user wants to start over.
    private async Task<bool> IsRefilledAsync(MergeContext context, CancellationToken cancel)
    {
        if (!await database.Dialect.MustStayAsync(context.Session, target.Schema, target.Table, cancel))
        {
            return false;
        }

        var fit = new TableFit(context.Session, target);
        var misfits = await fit.MisfitsAsync(await StagedRowsReader.ColumnsAsync(context.Staged, cancel), cancel);
        if (misfits.Count > 0 && !target.StartsOver)
        {
            throw fit.Refusal(misfits);
        }

        return misfits.Count == 0;
    }

    private async Task WriteSystemTablesAsync(MergeContext context, LoadResult result, CancellationToken cancel)
    {
        var (session, staged) = (context.Session, context.Staged);
        if (context.Checkpoint.State is { } state)
        {
            await session.DeleteAsync(target.Schema, SystemTable.State, target.Table, cancel);
            await session.AddAsync(target.Schema, SystemTable.State, new StateRow(state, target.LoadedAt), cancel);
        }

        // In a database that stages rows in itself the rejects are there already.
        if (result.Rejected > 0 && context.Writer is { } writer)
        {
            var columns = SystemTable.Rejects.Columns.Select(column => new LoadColumn(
                column.Name, column.Type == ColumnType.Json ? ColumnType.Text : column.Type, column.Name));
            await using var rejects = await StagedRowsReader.RejectsAsync(staged, database.RejectText, cancel);
            await writer.WriteAsync(
                session, database.Dialect.Table(target.Schema, SystemTable.Rejects.Name), [.. columns], isNew: false, rejects, cancel);
        }

        await session.AddAsync(target.Schema, SystemTable.Ledger, LedgerRow.Of(target, context.Checkpoint.Ledger, result), cancel);
        var known = await MappingAsync(session, cancel);
        var merged = ColumnMapping.Merge(known, await staged.ReadMappingAsync(cancel), context.Checkpoint);
        if (!merged.SequenceEqual(known))
        {
            await session.DeleteAsync(target.Schema, SystemTable.Mapping, target.Table, cancel);
            foreach (var column in merged)
            {
                await session.AddAsync(target.Schema, SystemTable.Mapping, new ColumnRow(target.Table, column), cancel);
            }
        }
    }

    private async Task<IReadOnlyList<MappedColumn>> MappingAsync(DbSession session, CancellationToken cancel)
    {
        var rows = await session.ReadAsync(
            target.Schema,
            SystemTable.Mapping,
            $"WHERE table_name = {session.Dialect.Parameter("table")} ORDER BY added_at, column_name",
            cancel,
            ("table", target.Table));
        return [.. rows.Select(row => row.Column)];
    }

    // What a load did that is committed already; null when it is not.
    private async Task<LoadResult?> CommittedAsync(DbSession session, CancellationToken cancel)
    {
        var rows = await session.ReadAsync(
            target.Schema,
            SystemTable.Ledger,
            $"WHERE table_name = {session.Dialect.Parameter("table")} AND load_id = {session.Dialect.Parameter("load")} ORDER BY committed_at " +
                $"DESC LIMIT 1",
            cancel,
            ("table", target.Table),
            ("load", target.LoadId));
        return rows.Count == 0 ? null : rows[0].Result;
    }

    private Task<long> EpochAsync(DbSession session, CancellationToken cancel) => session.ScalarAsync(
        $"SELECT count(*) FROM {session.Dialect.Table(target.Schema, SystemTable.Ledger.Name)} " +
            $"WHERE table_name = {session.Dialect.Parameter("table")} AND source <> {session.Dialect.Parameter("feed")}",
        cancel,
        ("table", target.Table),
        ("feed", LedgerLine.OfWebhooks));

    private Task<T> TryAsync<T>(string doing, Func<Task<T>> work, CancellationToken cancel) =>
        database.TryAsync($"{doing} {Table}", work, cancel, target);
}
