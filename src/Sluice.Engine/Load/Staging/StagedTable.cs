using DuckDB.NET.Data;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Shape;

namespace Sluice.Engine.Load.Staging;

/// <summary>
/// The rows of one load in a DuckDB table: typed, each key once, with the rejects and the mapping of columns beside them. It is DuckDB's
/// whatever the destination is; a DuckDB file stages in itself.
/// </summary>
public sealed class StagedTable : IAsyncDisposable
{
    private readonly StagingSql _sql;
    private readonly StagingSchema _schema;
    private readonly UnsupportedValues _unsupported;
    private bool _areLong;
    private readonly StagedSegments _segments;
    private readonly StageTransaction _transaction;
    private StagedRows? _prepared;

    private StagedTable(StageTransaction transaction, LoadTarget target, IReadOnlyList<StagingTables.Package> packages)
    {
        _transaction = transaction;
        var connection = transaction.Connection;
        Target = target;
        _sql = new StagingSql(target, connection.Database);
        _schema = new StagingSchema(connection, target, _sql);
        _unsupported = new UnsupportedValues(connection, _sql);
        _segments = new StagedSegments(transaction, target, _sql, _schema, packages);
    }

    /// <summary>
    /// The connection on which the staged rows can be seen; between <see cref="PrepareAsync"/> and <see cref="FinishAsync"/> a transaction is open on
    /// it.
    /// </summary>
    public DuckDBConnection Connection => _transaction.Connection;

    /// <summary>The transaction on it.</summary>
    internal StageTransaction Transaction => _transaction;

    private StagingMemory Memory => _transaction.Memory;

    /// <summary>Which table is loaded.</summary>
    public LoadTarget Target { get; }

    /// <summary>The name of the table with the rows.</summary>
    public string Table => StagingSql.TableName(Target);

    /// <summary>The table with the rows, quoted for DuckDB.</summary>
    public string Name => _sql.Table;

    /// <summary>The table's <see cref="LiveTable.Epoch"/> when its records began to be read, in this run or in one that was stopped.</summary>
    internal long Epoch { get; set; }

    /// <summary>What stands ready.</summary>
    public StagedRows Counts => _prepared ?? throw new InvalidOperationException("Rows are counted before they are published.");

    /// <summary>Packages whose rows survive the end of this process.</summary>
    internal IReadOnlySet<string> DurablePackages => _segments.Durable;

    /// <summary>Takes up what a stopped run has staged for the load, or begins anew.</summary>
    internal static async Task<StagedTable> BeginAsync(StageTransaction transaction, LoadTarget target, LiveTable live, CancellationToken cancel)
    {
        var connection = transaction.Connection;
        var packages = await StagingTables.PackagesAsync(connection, target, cancel);
        var staged = new StagedTable(transaction, target, packages) { Epoch = live.Epoch };
        if (live.Committed is null && packages.Count == 0)
        {
            // What another load has staged is of no use: its spool is gone.
            await connection.RunAsync(staged._sql.DropTable, cancel);
            await staged._schema.ForgetMappingAsync(cancel);
        }

        return staged;
    }

    /// <summary>
    /// Fails when another load has been committed since this one began to read: what that one has read may be newer, and rows that this one has not
    /// seen would be marked as deleted.
    /// </summary>
    /// <param name="epoch">How many loads have been committed into the table, read where no other can commit.</param>
    public void RequireEpoch(long epoch)
    {
        if (epoch != Epoch)
        {
            throw new SluiceException(
                SluiceErrorKind.Destination,
                $"Another run has loaded {Target.Schema}.{Target.Table} since this one began to read it: nothing was changed.",
                "Run the same command again: the table is read anew. Two work folders (SLUICE_HOME) that load the same tables read everything twice.")
            {
                IsTransient = true,
            };
        }
    }

    /// <summary>Which columns fields have in the staged rows.</summary>
    public Task<IReadOnlyList<MappedColumn>> ReadMappingAsync(CancellationToken cancel) => _schema.ReadMappingAsync(cancel);

    /// <summary>The columns of the staged rows in their order, Sluice's own too, with DuckDB's types.</summary>
    public Task<IReadOnlyDictionary<string, string>> ReadColumnsAsync(CancellationToken cancel) =>
        Connection.ColumnsAsync(Target.Schema, StagingSql.TableName(Target), cancel);

    /// <summary>SELECT of what did not fit in this load: record_key (JSON), column_name, raw_value, load_id, run_id, rejected_at.</summary>
    public string RejectsSql => _sql.Rejects;

    /// <summary>Stages a segment's rows, unless the package was staged before.</summary>
    internal Task<long> WriteAsync(ShapedSegment segment, long? most, CancellationToken cancel) => _segments.AddAsync(segment, most, cancel);

    /// <summary>Leaves each key once, takes away what the destination can't hold, and counts.</summary>
    /// <param name="columns">The table's columns.</param>
    /// <param name="unsupportedWhen">The condition on a column under which the destination can't hold its value, or null.</param>
    /// <param name="liveRows">Rows that the table has now.</param>
    /// <param name="cancel">Stops between statements.</param>
    internal async Task<StagedRows> PrepareAsync(
        IReadOnlyList<TableColumn> columns, Func<string, ColumnType, string?> unsupportedWhen, long liveRows, CancellationToken cancel)
    {
        if (_prepared is not null)
        {
            return _prepared = _prepared with { LiveRows = liveRows };
        }

        _segments.CommitLong();

        // They will be joined with the rows that are there.
        await (liveRows > 0 ? Memory.TakeAllAsync(Connection, cancel) : Task.CompletedTask);
        var hadAll = Memory.IsWhole;
        try
        {
            return _prepared = await PrepareNowAsync(columns, unsupportedWhen, liveRows, cancel);
        }
        catch (DuckDBException error) when (!hadAll && DuckDbErrors.IsOutOfMemory(error))
        {
            await _segments.RepeatAsync(cancel);
            return _prepared = await PrepareNowAsync(columns, unsupportedWhen, liveRows, cancel);
        }
    }

    private async Task<StagedRows> PrepareNowAsync(
        IReadOnlyList<TableColumn> columns, Func<string, ColumnType, string?> unsupportedWhen, long liveRows, CancellationToken cancel)
    {
        _transaction.Begin();
        await _schema.FitAsync(columns, cancel);
        var staged = await LongRows.OfAsync(Connection, _sql.Table, cancel);
        _areLong = staged.Slices.Count > 1;
        await Memory.FitAsync(Connection, staged.Longest, columns.Count, _areLong, cancel);
        await MemoryBudget.OfProcess.AllowAsync(Connection, Target.Table, staged.Longest, columns.Count, cancel);
        var doubled = await DropDuplicatesAsync(cancel);
        var duplicateRejects =
            doubled == 0 ? 0 : await Connection.RunAsync(_sql.DeleteDuplicateRejects, cancel, ("table", Target.Table), ("load", Target.LoadId));
        var rows = await Connection.ScalarAsync($"SELECT count(*) FROM {_sql.Table}", cancel);
        var unsupported = await _unsupported.RejectAsync(unsupportedWhen, await ReadColumnsAsync(cancel), _areLong, cancel);
        return new StagedRows(
            rows, doubled, _segments.Packages.Values.Sum(package => package.Rejected) - duplicateRejects + unsupported, liveRows);
    }

    /// <summary>
    /// Takes away further values that the destination turned out not to hold, and tells whether there were any; they count as rejected from now on.
    /// </summary>
    public async Task<bool> RejectAsync(Func<string, ColumnType, string?> unsupportedWhen, CancellationToken cancel)
    {
        var rejected = await _unsupported.RejectAsync(unsupportedWhen, await ReadColumnsAsync(cancel), _areLong, cancel);
        _prepared = Counts with { Rejected = Counts.Rejected + rejected };
        return rejected > 0;
    }

    /// <summary>Makes what was staged so far survive the process.</summary>
    internal void Keep()
    {
        if (_transaction.IsOpen)
        {
            _segments.Commit();
        }
    }

    /// <summary>Lets the staged rows go once they are published; that they were is remembered until the table's next load.</summary>
    internal async Task FinishAsync(LoadResult result, CancellationToken cancel)
    {
        await LetGoAsync(result, cancel);
        _segments.Commit();
    }

    /// <summary>The same without the commit, which another table of the transaction is in for.</summary>
    internal async Task LetGoAsync(LoadResult result, CancellationToken cancel)
    {
        await Connection.RunAsync(_sql.DropTable, cancel);
        await _schema.ForgetMappingAsync(cancel);
        await StagingTables.MarkCommittedAsync(Connection, Target, result, cancel);
    }

    /// <summary>Lets the connection go; what is not committed is rolled back.</summary>
    public async ValueTask DisposeAsync()
    {
        await _segments.RollBackAsync();
        await Connection.DisposeAsync();
    }

    private async Task<long> DropDuplicatesAsync(CancellationToken cancel) =>
        Target.PrimaryKey.Count == 0 || await Connection.ScalarAsync(_sql.HasDuplicates, cancel) == 0
            ? 0
            : await Connection.RunAsync(_sql.DeleteDuplicates, cancel);
}
