using Sluice.DuckDb;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.DuckDb;

/// <summary>Stages segments into a table built aside and makes them visible in one transaction.</summary>
internal sealed class DuckDbTableLoad : ITableLoad
{
    private readonly DuckDBConnection _connection;
    private readonly LoadTarget _target;
    private readonly LoadSql _sql;
    private readonly Publication _publication;
    private readonly HashSet<string> _durable = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BookKeeping.Package> _packages;
    private readonly List<Staged> _open = [];
    private readonly SchemaFitting _fitting;
    private DuckDBTransaction? _transaction;
    private StagedRows? _prepared;

    private DuckDbTableLoad(DuckDBConnection connection, LoadTarget target, IReadOnlyList<BookKeeping.Package> packages)
    {
        _connection = connection;
        _target = target;
        _sql = new LoadSql(target, connection.Database);
        _publication = new Publication(connection, target, _sql);
        _fitting = new SchemaFitting(connection, target, _sql);
        _packages = packages.ToDictionary(package => package.Id, StringComparer.Ordinal);
        _durable.UnionWith(_packages.Keys);
    }

    public IReadOnlySet<string> DurablePackages => _durable;

    public IReadOnlyList<KnownColumn> KnownColumns => _fitting.Known;

    private bool IsCommitted => _packages.ContainsKey(BookKeeping.CommitPackage(_target));

    public static async Task<DuckDbTableLoad> BeginAsync(DuckDBConnection connection, LoadTarget target, CancellationToken cancel)
    {
        await connection.RunAsync(DuckDbSettings.Session, cancel);
        var packages = await BookKeeping.PackagesAsync(connection, target, cancel);
        var load = new DuckDbTableLoad(connection, target, [.. packages.Where(package => IsOf(package, target))]);
        if (!load.IsCommitted && load._packages.Count == 0)
        {
            // What another load left aside is of no use: its spool is gone.
            await connection.RunAsync(load._sql.DropAside, cancel);
            await load._fitting.ForgetStagedAsync(cancel);
        }

        await load._fitting.ReadAsync(cancel);
        return load;
    }

    public async Task<long> WriteAsync(ShapedSegment segment, long? most, CancellationToken cancel)
    {
        if (_packages.TryGetValue(segment.PackageId, out var package))
        {
            return package.Rows;
        }

        try
        {
            return await StageAsync(new Staged(segment, most, segment.FastSql is null), cancel);
        }
        catch (DuckDBException error)
        {
            throw DuckDbErrors.Writing($"{_target.Schema}.{_target.Table}", error);
        }
    }

    public async Task<StagedRows> PrepareAsync(IReadOnlyList<TableColumn> columns, CancellationToken cancel)
    {
        try
        {
            return IsCommitted ? await PreparedAsync(cancel) : await PrepareNewAsync(columns, cancel);
        }
        catch (DuckDBException error)
        {
            throw DuckDbErrors.Writing($"{_target.Schema}.{_target.Table}", error);
        }
    }

    public async Task<LoadResult> CommitAsync(Checkpoint checkpoint, CancellationToken cancel)
    {
        try
        {
            return IsCommitted ? await LedgerTable.ReadAsync(_connection, _target, cancel) : await CommitNewAsync(checkpoint, cancel);
        }
        catch (DuckDBException error)
        {
            throw DuckDbErrors.Writing($"{_target.Schema}.{_target.Table}", error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await RollBackAsync();
        await _connection.DisposeAsync();
    }

    private static bool IsOf(BookKeeping.Package package, LoadTarget target) => string.Equals(package.LoadId, target.LoadId, StringComparison.Ordinal);

    // One transaction holds several packages: from about 120,000 rows on DuckDB writes them straight to the file, below it writes them twice.
    private async Task<long> StageAsync(Staged staged, CancellationToken cancel)
    {
        _transaction ??= _connection.BeginTransaction();
        _open.Add(staged);
        try
        {
            await InsertAsync(staged, cancel);
        }
        catch (DuckDBException error) when (!staged.WithCare && IsValueError(error))
        {
            await AgainWithCareAsync(staged, cancel);
        }

        if (_open.Sum(one => one.Rows) >= _target.StageRows)
        {
            CommitStaged();
        }

        return staged.Rows;
    }

    private static bool IsValueError(DuckDBException error) =>
        error.ErrorType is DuckDBErrorType.Conversion or DuckDBErrorType.InvalidInput or DuckDBErrorType.OutOfRange;

    // A value that DuckDB can't cast ends the transaction: what it held is inserted again, the odd segment value by value.
    private async Task AgainWithCareAsync(Staged odd, CancellationToken cancel)
    {
        await RollBackAsync();
        odd.WithCare = true;
        _transaction = _connection.BeginTransaction();
        foreach (var staged in _open)
        {
            await InsertAsync(staged, cancel);
        }
    }

    private async Task InsertAsync(Staged staged, CancellationToken cancel)
    {
        var segment = staged.Segment;
        await _fitting.FitAsideAsync(segment.Columns, cancel);
        using var careful = staged.WithCare ? segment.Carefully() : null;
        staged.Rows = await _connection.RunAsync(
            _sql.Insert(careful?.Sql ?? segment.FastSql!, segment.Columns, staged.Most), cancel, ("at", _target.LoadedAt), ("run", _target.RunId));
        var rejected = careful?.RejectsSql(staged.Most) is { } rejects ? await _connection.RunAsync(_sql.InsertRejects(rejects), cancel, Marks()) : 0;
        await BookKeeping.AddPackageAsync(_connection, _target, segment.PackageId, staged.Rows, rejected, cancel);
        _packages[segment.PackageId] = new BookKeeping.Package(segment.PackageId, _target.LoadId, staged.Rows, 0, rejected);
    }

    private void CommitStaged()
    {
        _transaction!.Commit();
        _transaction.Dispose();
        _transaction = null;
        _durable.UnionWith(_open.Select(staged => staged.Segment.PackageId));
        _open.Clear();
    }

    private async Task RollBackAsync()
    {
        if (_transaction is not null)
        {
            // The rollback takes the table's creation with it.
            _fitting.ForgetAside();
            await _transaction.DisposeAsync();
            _transaction = null;
        }
    }

    private async Task<StagedRows> PrepareNewAsync(IReadOnlyList<TableColumn> columns, CancellationToken cancel)
    {
        _transaction ??= _connection.BeginTransaction();
        await _fitting.FitAsideAsync(columns, cancel);
        var doubled = await DropDoublesAsync(cancel);
        var doubledRejects = await _fitting.DropDoubledRejectsAsync(doubled, cancel);
        var live = await TableColumns.ReadAsync(_connection, _target.Schema, _target.Table, cancel);
        return _prepared = new StagedRows(
            await _connection.ScalarAsync($"SELECT count(*) FROM {_sql.Aside}", cancel),
            doubled,
            _packages.Values.Sum(package => package.Rejected) - doubledRejects,
            live.Count == 0 ? 0 : await _publication.CountAsync(live.ContainsKey(LoadSql.DeletedAt), cancel));
    }

    private async Task<StagedRows> PreparedAsync(CancellationToken cancel)
    {
        var result = await LedgerTable.ReadAsync(_connection, _target, cancel);
        return new StagedRows(result.Loaded + result.Unchanged, result.Doubled, result.Rejected, result.TableRows);
    }

    private async Task<LoadResult> CommitNewAsync(Checkpoint checkpoint, CancellationToken cancel)
    {
        var staged = _prepared ?? throw new InvalidOperationException("Rows are counted before they are committed.");
        var made = await MakeVisibleAsync(checkpoint, cancel);
        var result = made with { Doubled = staged.Doubled, Rejected = staged.Rejected };
        if (checkpoint.State is { } state)
        {
            await DuckDbBooks.WriteStateAsync(_connection, _target.Schema, state, _target.LoadedAt, cancel);
        }

        await LedgerTable.AddAsync(_connection, _target, checkpoint.Ledger, result, cancel);
        await _fitting.KeepMappingAsync(cancel);
        await BookKeeping.MarkCommittedAsync(_connection, _target, result, cancel);
        CommitStaged();
        return result;
    }

    private async Task<long> DropDoublesAsync(CancellationToken cancel) =>
        _target.PrimaryKey.Count == 0 || await _connection.ScalarAsync(_sql.HasDoubles, cancel) == 0
            ? 0
            : await _connection.RunAsync(_sql.DeleteDoubles, cancel);

    private async Task<LoadResult> MakeVisibleAsync(Checkpoint checkpoint, CancellationToken cancel)
    {
        var live = await TableColumns.ReadAsync(_connection, _target.Schema, _target.Table, cancel);
        var aside = await TableColumns.ReadAsync(_connection, _target.Schema, LoadSql.AsideName(_target), cancel);
        if (_target.Strategy == Strategy.Replace || live.Count == 0)
        {
            return await _publication.ReplaceAsync(live, aside, checkpoint, cancel);
        }

        var changes = await _fitting.FitLiveAsync(live, aside, cancel);
        return await _publication.ChangeAsync(live, aside, checkpoint, cancel) with { SchemaChanges = changes };
    }

    private (string Name, object? Value)[] Marks() =>
        [("table", _target.Table), ("load", _target.LoadId), ("run", _target.RunId), ("at", _target.LoadedAt)];

    private sealed class Staged(ShapedSegment segment, long? most, bool withCare)
    {
        public ShapedSegment Segment { get; } = segment;

        public long? Most { get; } = most;

        public bool WithCare { get; set; } = withCare;

        public long Rows { get; set; }
    }
}
