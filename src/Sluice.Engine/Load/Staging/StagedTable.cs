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
    private const long LongRow = 2048;

    private readonly StagingSql _sql;
    private readonly StagingSchema _schema;
    private long _longBytes;
    private bool _areLong;
    private readonly HashSet<string> _durable = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StagingTables.Package> _packages;
    private readonly List<Part> _open = [];
    private readonly StageTransaction _transaction;
    private StagedRows? _prepared;

    private StagedTable(StageTransaction transaction, LoadTarget target, IReadOnlyList<StagingTables.Package> packages)
    {
        _transaction = transaction;
        var connection = transaction.Connection;
        Target = target;
        _sql = new StagingSql(target, connection.Database);
        _schema = new StagingSchema(connection, target, _sql);
        _packages = packages.ToDictionary(package => package.Id, StringComparer.Ordinal);
        _durable.UnionWith(_packages.Keys);
    }

    /// <summary>
    /// The connection on which the staged rows can be seen; between <see cref="PrepareAsync"/> and <see cref="FinishAsync"/> a transaction is open on
    /// it.
    /// </summary>
    public DuckDBConnection Connection => _transaction.Connection;

    /// <summary>The transaction on it.</summary>
    internal StageTransaction Transaction => _transaction;

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
    internal IReadOnlySet<string> DurablePackages => _durable;

    /// <summary>Takes up what a stopped run has staged for the load, or begins anew.</summary>
    internal static async Task<StagedTable> BeginAsync(StageTransaction transaction, LoadTarget target, LiveTable live, CancellationToken cancel)
    {
        var connection = transaction.Connection;
        var packages = await StagingTables.PackagesAsync(connection, target, cancel);
        var staged = new StagedTable(transaction, target, packages) { Epoch = live.Epoch };
        if (live.Committed is null && staged._packages.Count == 0)
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
    internal async Task<long> WriteAsync(ShapedSegment segment, long? most, CancellationToken cancel) =>
        _packages.TryGetValue(segment.PackageId, out var package)
            ? package.Rows
            : await StageAsync(new Part(segment, most) { SafeCasts = segment.FastSql is null }, cancel);

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

        if (HoldsLongRows(0))
        {
            CommitStaged();
        }

        _transaction.Begin();
        await _schema.FitAsync(columns, cancel);
        var staged = await LongRows.OfAsync(Connection, _sql.Table, cancel);
        await MemoryBudget.OfProcess.AllowAsync(Connection, Target.Table, staged.Longest, columns.Count, cancel);
        _areLong = staged.Slices.Count > 1;
        var doubled = await DropDuplicatesAsync(cancel);
        var duplicateRejects =
            doubled == 0 ? 0 : await Connection.RunAsync(_sql.DeleteDuplicateRejects, cancel, ("table", Target.Table), ("load", Target.LoadId));
        var rows = await Connection.ScalarAsync($"SELECT count(*) FROM {_sql.Table}", cancel);
        var unsupported = await RejectUnsupportedAsync(unsupportedWhen, cancel);
        return _prepared = new StagedRows(
            rows, doubled, _packages.Values.Sum(package => package.Rejected) - duplicateRejects + unsupported, liveRows);
    }

    /// <summary>
    /// Takes away further values that the destination turned out not to hold, and tells whether there were any; they count as rejected from now on.
    /// </summary>
    public async Task<bool> RejectAsync(Func<string, ColumnType, string?> unsupportedWhen, CancellationToken cancel)
    {
        var rejected = await RejectUnsupportedAsync(unsupportedWhen, cancel);
        _prepared = Counts with { Rejected = Counts.Rejected + rejected };
        return rejected > 0;
    }

    /// <summary>Makes what was staged so far survive the process.</summary>
    internal void Keep()
    {
        if (_transaction.IsOpen)
        {
            CommitStaged();
        }
    }

    /// <summary>Lets the staged rows go once they are published; that they were is remembered until the table's next load.</summary>
    internal async Task FinishAsync(LoadResult result, CancellationToken cancel)
    {
        await LetGoAsync(result, cancel);
        CommitStaged();
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
        await RollBackAsync();
        await Connection.DisposeAsync();
    }

    // One transaction holds several packages: from about 120,000 rows on DuckDB writes them straight to the file, below it writes them twice.
    private async Task<long> StageAsync(Part part, CancellationToken cancel)
    {
        _transaction.Begin();
        _open.Add(part);
        try
        {
            await InsertAsync(part, cancel);
        }
        catch (DuckDBException error) when (!part.SafeCasts && DuckDbErrors.IsAboutValue(error))
        {
            await AgainSafelyAsync(part, cancel);
        }

        if (_open.Sum(one => one.Rows) >= Target.StageRows || HoldsLongRows(MostUncommitted))
        {
            CommitStaged();
        }

        return part.Rows;
    }

    private static long MostUncommitted => MemoryBudget.OfProcess.DuckDb / 8;

    // DuckDB can't spill what a transaction has written of long values, as it can with many short ones.
    private bool HoldsLongRows(long most)
    {
        var bytes = _open.Sum(one => one.Segment.Bytes);
        return bytes > most && bytes / LongRow >= _open.Sum(one => one.Segment.Records);
    }

    // A value that DuckDB can't cast ends the transaction: what it held is inserted again, the odd segment value by value.
    private async Task AgainSafelyAsync(Part odd, CancellationToken cancel)
    {
        await RollBackAsync();
        odd.SafeCasts = true;
        _transaction.Begin();
        foreach (var part in _open)
        {
            await InsertAsync(part, cancel);
        }
    }

    private async Task InsertAsync(Part part, CancellationToken cancel)
    {
        var segment = part.Segment;
        await MemoryBudget.OfProcess.AllowAsync(Connection, Target.Table, segment.LongestRecord, segment.Columns.Count, cancel);
        _longBytes += segment.Bytes / LongRow >= segment.Records ? segment.Bytes : 0;
        await MemoryBudget.OfProcess.AllowWriteAsync(Connection, Target.Table, _longBytes, cancel);
        await _schema.FitAsync(segment.Columns, cancel);
        using var safeCast = part.SafeCasts ? segment.SafeCast() : null;
        part.Rows = await Connection.RunAsync(
            _sql.Insert(safeCast?.Sql ?? segment.FastSql!, segment.Columns, part.Most), cancel, ("at", Target.LoadedAt), ("run", Target.RunId));
        var rejected = safeCast?.RejectsSql(part.Most) is { } rejects ? await Connection.RunAsync(_sql.InsertRejects(rejects), cancel, Marks()) : 0;
        await StagingTables.AddPackageAsync(Connection, Target, segment.PackageId, part.Rows, rejected, cancel);
        _packages[segment.PackageId] = new StagingTables.Package(segment.PackageId, part.Rows, rejected);
    }

    private void CommitStaged()
    {
        _transaction.Commit();
        _durable.UnionWith(_open.Select(part => part.Segment.PackageId));
        _open.Clear();
    }

    private async Task RollBackAsync()
    {
        if (_transaction.IsOpen)
        {
            // The rollback takes the table's creation with it.
            _schema.Forget();
            await _transaction.RollBackAsync();
        }
    }

    private async Task<long> DropDuplicatesAsync(CancellationToken cancel) =>
        Target.PrimaryKey.Count == 0 || await Connection.ScalarAsync(_sql.HasDuplicates, cancel) == 0
            ? 0
            : await Connection.RunAsync(_sql.DeleteDuplicates, cancel);

    private async Task<long> RejectUnsupportedAsync(Func<string, ColumnType, string?> unsupportedWhen, CancellationToken cancel)
    {
        var rejected = 0L;
        foreach (var (name, type, when) in await MayRejectAsync(unsupportedWhen, cancel))
        {
            var found = await Connection.RunAsync(_sql.RejectUnsupported(name, type, when), cancel, [.. Marks(), ("column", name)]);
            rejected += found == 0 ? 0 : await Connection.RunAsync(_sql.ClearUnsupported(name, when), cancel);
        }

        return rejected;
    }

    // Nearly always one look at all columns finds nothing. Of long rows DuckDB could not hold all columns at a time.
    private async Task<List<(string, ColumnType, string)>> MayRejectAsync(Func<string, ColumnType, string?> unsupportedWhen, CancellationToken cancel)
    {
        var columns = (await ReadColumnsAsync(cancel))
            .Select(column => (Name: column.Key, Type: SqlType.Parse(column.Value)))
            .Select(column => (column.Name, column.Type, When: unsupportedWhen(StagingTables.Quote(column.Name), column.Type)!))
            .Where(column => column.When is not null).ToList();
        var look = _areLong || columns.Count == 0 ? null : _sql.CountUnsupported(columns.Select(column => column.When));
        return look is null || await Connection.ScalarAsync(look, cancel) > 0 ? columns : [];
    }

    private (string Name, object? Value)[] Marks() =>
        [("table", Target.Table), ("load", Target.LoadId), ("run", Target.RunId), ("at", Target.LoadedAt)];

    private sealed record Part(ShapedSegment Segment, long? Most)
    {
        public bool SafeCasts { get; set; }

        public long Rows { get; set; }
    }
}
