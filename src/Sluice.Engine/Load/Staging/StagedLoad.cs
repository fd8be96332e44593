using DuckDB.NET.Data;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Shape;

namespace Sluice.Engine.Load.Staging;

/// <summary>
/// The load of one table: rows are staged in DuckDB, and a writer brings them into the table that readers see. Nothing is visible before the commit;
/// disposing without it leaves nothing visible.
/// </summary>
internal sealed class StagedLoad : IAsyncDisposable
{
    private readonly StagedTable _staged;
    private readonly ITargetWriter _writer;
    private readonly LiveTable _live;

    private StagedLoad(StagedTable staged, ITargetWriter writer, LiveTable live, IReadOnlyList<KnownColumn> known)
    {
        _staged = staged;
        _writer = writer;
        _live = live;
        KnownColumns = known;
    }

    /// <summary>Packages whose rows survive the end of this process, those of former runs too: nobody needs their segments any more.</summary>
    public IReadOnlySet<string> DurablePackages => _staged.DurablePackages;

    /// <summary>
    /// The columns that the destination has for fields that the catalog may not know, as they were when the load began; a field keeps its
    /// column for good. Those made for a field come first.
    /// </summary>
    public IReadOnlyList<KnownColumn> KnownColumns { get; }

    /// <summary>Which names the destination's columns can have.</summary>
    public NameRules Names => _writer.Names;

    /// <summary>Whether the commit is DuckDB's work, which shares its memory with what is being staged.</summary>
    public bool IsWrittenByDuckDb => _writer.IsWrittenByDuckDb;

    /// <summary>Whether this very load was committed before, by a run that was stopped afterwards.</summary>
    public bool IsCommitted => _live.Committed is not null;

    /// <summary>The table with the rows that are staged so far, quoted for DuckDB.</summary>
    public string Rows => _staged.Name;

    /// <summary>The table's epoch when its records began to be read: that of now, unless a stopped run has begun.</summary>
    public long Epoch
    {
        get => _staged.Epoch;
        set => _staged.Epoch = value;
    }

    /// <summary>Whether another load has been committed since the records were read: they are of no use any more.</summary>
    public bool IsOutrun => _live.Committed is null && _staged.Epoch != _live.Epoch;

    /// <summary>Whether a former run has committed this very load, and was stopped before it could tell.</summary>
    public bool WasCommitted => _live.Committed is not null;

    /// <summary>Begins or goes on with a load.</summary>
    /// <param name="connection">A connection of its own to the database that rows are staged in; closed with the load.</param>
    /// <param name="memory">What the database may take.</param>
    /// <param name="target">Which table.</param>
    /// <param name="writer">Brings the rows to the destination; disposed with the load.</param>
    /// <param name="cancel">Stops before anything is staged.</param>
    public static Task<StagedLoad> BeginAsync(
        DuckDBConnection connection, StagingMemory memory, LoadTarget target, ITargetWriter writer, CancellationToken cancel) =>
        BeginAsync(new StageTransaction(connection, memory), target, writer, cancel);

    /// <summary>Begins a load that is to be committed together with this one, on the same connection.</summary>
    /// <param name="target">Which table.</param>
    /// <param name="writer">Brings the rows to the destination; disposed with the load.</param>
    /// <param name="cancel">Stops before anything is staged.</param>
    public async Task<StagedLoad> BeginBesideAsync(LoadTarget target, ITargetWriter writer, CancellationToken cancel)
    {
        // Another table whose values have to be read with care, or in more memory, would roll these rows back.
        _staged.Keep();
        await _staged.Transaction.Memory.TakeAllAsync(_staged.Connection, cancel);
        return await BeginAsync(_staged.Transaction, target, writer, cancel);
    }

    private static Task<StagedLoad> BeginAsync(StageTransaction transaction, LoadTarget target, ITargetWriter writer, CancellationToken cancel) =>
        TryAsync(
            target,
            async () =>
            {
                var connection = transaction.Connection;
                await connection.RunAsync(StagingTables.Create(connection.Database, target.Schema), cancel);
                var live = await writer.DescribeAsync(cancel);
                var staged = await StagedTable.BeginAsync(transaction, target, live, cancel);
                return new StagedLoad(staged, writer, live, ColumnMapping.Known(live, await staged.ReadMappingAsync(cancel)));
            });

    /// <summary>Fails when the table that is there can't take rows with these columns.</summary>
    public Task RequireFitAsync(IReadOnlyList<TableColumn> columns, CancellationToken cancel) =>
        _live.Committed is null ? TryAsync(_staged.Target, () => _writer.RequireFitAsync(columns, cancel)) : Task.CompletedTask;

    /// <summary>Stages a segment's rows, unless the package was staged before, and gives how many rows it has here.</summary>
    /// <param name="segment">The segment with its SQL.</param>
    /// <param name="most">Rows to stage at most, or null for all.</param>
    /// <param name="cancel">Stops between statements; nothing of the segment is staged then.</param>
    public async Task<long> WriteAsync(ShapedSegment segment, long? most, CancellationToken cancel) =>
        _live.Committed is null ? await TryAsync(_staged.Target, () => _staged.WriteAsync(segment, most, cancel)) : 0;

    /// <summary>Stages what a SELECT gives that has the columns' types already, unless it was staged before; a load has one at most.</summary>
    /// <param name="select">The SELECT, in DuckDB's words, over what is staged on the same connection.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="cancel">Stops the statement; nothing is staged then.</param>
    public Task<long> WriteSelectedAsync(string select, IReadOnlyList<TableColumn> columns, CancellationToken cancel)
    {
        var rows = new ShapedSegment
        {
            PackageId = $"{_staged.Target.LoadId}/1",
            Columns = columns,
            FastSql = select,
            SafeCast = () => throw new InvalidOperationException("What is selected has its types already."),
        };
        return WriteAsync(rows, null, cancel);
    }

    /// <summary>
    /// Ends the staging: leaves of equal keys the one that came last, and counts what stands ready. Asked again it tells the counts as they are now.
    /// </summary>
    /// <param name="columns">The table's columns, so that a table without rows has them too.</param>
    /// <param name="cancel">Stops between statements.</param>
    public async Task<StagedRows> PrepareAsync(IReadOnlyList<TableColumn> columns, CancellationToken cancel) =>
        _live.Committed is { } done
            ? new StagedRows(done.Loaded + done.Unchanged, done.Doubled, done.Rejected, done.TableRows)
            : await TryAsync(
                _staged.Target, async () => await _staged.PrepareAsync(columns, _writer.UnsupportedWhen, await _writer.CountAsync(cancel), cancel));

    /// <summary>Makes the staged rows visible in one transaction with state and ledger; doing it again after a crash changes nothing.</summary>
    /// <param name="checkpoint">What becomes true together with the rows.</param>
    /// <param name="cancel">Stops before the commit; afterwards it is done.</param>
    /// <returns>What was done; null when nothing was, since further values had to be rejected: prepare, reconcile and commit again.</returns>
    public async Task<LoadResult?> CommitAsync(Checkpoint checkpoint, CancellationToken cancel) =>
        _live.Committed
        ?? await TryAsync(
            _staged.Target,
            async () =>
            {
                // What was enough to stage rows is enough to copy them.
                await (_writer.GathersRows ? _staged.Transaction.Memory.TakeAllAsync(_staged.Connection, cancel) : Task.CompletedTask);
                var result = await _writer.WriteAsync(_staged, checkpoint, cancel);
                if (result is not null)
                {
                    await _staged.FinishAsync(result, CancellationToken.None);
                }

                return result;
            });

    /// <summary>Makes the staged rows of several loads visible together; they were begun beside the first.</summary>
    /// <returns>What was done with each; null when further values had to be rejected: prepare and commit again.</returns>
    public static Task<IReadOnlyList<LoadResult>?> CommitTogetherAsync(
        IReadOnlyList<(StagedLoad Load, Checkpoint Checkpoint)> loads, CancellationToken cancel) =>
        TryAsync(
            loads[0].Load._staged.Target,
            async () =>
            {
                var parts = loads.Select(one => new LoadPart(one.Load._writer, one.Load._staged, one.Checkpoint)).ToList();
                var results = await parts[0].Writer.WriteTogetherAsync(parts, cancel);
                foreach (var ((load, _), result) in results is null ? [] : loads.Zip(results).Where(pair => pair.First.Load._live.Committed is null))
                {
                    await load._staged.LetGoAsync(result, CancellationToken.None);
                }

                if (results is not null)
                {
                    parts[0].Staged.Keep();
                }

                return results;
            });

    public async ValueTask DisposeAsync()
    {
        await _staged.DisposeAsync();
        await _writer.DisposeAsync();
    }

    private static Task TryAsync(LoadTarget target, Func<Task> work) => TryAsync(target, async () =>
    {
        await work();
        return true;
    });

    private static async Task<T> TryAsync<T>(LoadTarget target, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (DuckDBException error)
        {
            throw DuckDbErrors.Writing($"{target.Schema}.{target.Table}", error);
        }
    }
}
