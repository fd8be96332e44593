using Sluice.DuckDb;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.DuckDb;

/// <summary>Stages segments into a table built aside and makes them visible in one transaction.</summary>
internal sealed class DuckDbTableLoad : ITableLoad
{
    private const long RowsOfATransaction = 250_000;

    private readonly DuckDBConnection _connection;
    private readonly LoadTarget _target;
    private readonly LoadSql _sql;
    private readonly Dictionary<string, BookKeeping.Package> _packages;
    private readonly List<Staged> _open = [];
    private readonly SchemaFitting _fitting;
    private DuckDBTransaction? _transaction;

    private DuckDbTableLoad(DuckDBConnection connection, LoadTarget target, IReadOnlyList<BookKeeping.Package> packages)
    {
        _connection = connection;
        _target = target;
        _sql = new LoadSql(target, connection.Database);
        _fitting = new SchemaFitting(connection, target, _sql);
        _packages = packages.ToDictionary(package => package.Id, StringComparer.Ordinal);
    }

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
        if (IsCommitted || _packages.ContainsKey(segment.PackageId))
        {
            return 0;
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

    public async Task<LoadResult> CommitAsync(IReadOnlyList<TableColumn> columns, CancellationToken cancel)
    {
        try
        {
            return IsCommitted ? await AgainAsync(cancel) : await CommitNewAsync(columns, cancel);
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

        if (_open.Sum(one => one.Rows) >= RowsOfATransaction)
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

    private async Task<LoadResult> CommitNewAsync(IReadOnlyList<TableColumn> columns, CancellationToken cancel)
    {
        _transaction ??= _connection.BeginTransaction();
        await _fitting.FitAsideAsync(columns, cancel);
        var doubled = await DropDoublesAsync(cancel);
        var doubledRejects = await _fitting.DropDoubledRejectsAsync(doubled, cancel);
        var result = new LoadResult
        {
            Loaded = await _connection.ScalarAsync($"SELECT count(*) FROM {_sql.Aside}", cancel),
            Doubled = doubled,
            Rejected = _packages.Values.Sum(package => package.Rejected) - doubledRejects,
            SchemaChanges = await MakeVisibleAsync(cancel),
        };
        await _fitting.KeepMappingAsync(cancel);
        await BookKeeping.MarkCommittedAsync(_connection, _target, result, cancel);
        CommitStaged();
        return result with { TableRows = await CountLiveAsync(cancel) };
    }

    private async Task<long> DropDoublesAsync(CancellationToken cancel) =>
        _target.PrimaryKey.Count == 0 || await _connection.ScalarAsync(_sql.HasDoubles, cancel) == 0
            ? 0
            : await _connection.RunAsync(_sql.DeleteDoubles, cancel);

    private async Task<IReadOnlyList<SchemaChange>> MakeVisibleAsync(CancellationToken cancel)
    {
        var live = await TableColumns.ReadAsync(_connection, _target.Schema, _target.Table, cancel);
        if (_target.Strategy == Strategy.Replace || live.Count == 0)
        {
            await _connection.RunAsync(_sql.Swap, cancel);
            return [];
        }

        var aside = await TableColumns.ReadAsync(_connection, _target.Schema, LoadSql.AsideName(_target), cancel);
        var changes = await _fitting.FitLiveAsync(live, aside, cancel);
        await ApplyAsync([.. aside.Keys], cancel);
        await _connection.RunAsync(_sql.DropAside, cancel);
        return changes;
    }

    private async Task ApplyAsync(IReadOnlyList<string> columns, CancellationToken cancel)
    {
        switch (_target.Strategy)
        {
            case Strategy.Merge when _target.PrimaryKey.Count > 0:
                await _connection.RunAsync(_sql.Merge(columns), cancel);
                break;
            case Strategy.DeleteInsert when _target.IncrementalKey is not null:
                await _connection.RunAsync(_sql.DeleteRange(), cancel, Range());
                await _connection.RunAsync(_sql.Append(columns), cancel);
                break;
            case Strategy.Append:
                await _connection.RunAsync(_sql.Append(columns), cancel);
                break;
            default:
                throw new SluiceException(
                    SluiceErrorKind.Config,
                    $"{_target.Strategy} into {_target.Schema}.{_target.Table} needs a key to know rows by.",
                    "Give --primary-key (merge) or --incremental-key (delete+insert), or choose --incremental-strategy replace.");
        }
    }

    private (string Name, object? Value)[] Range() =>
        [.. new (string, object?)[] { ("from", _target.Interval.Start), ("to", _target.Interval.End) }.Where(bound => bound.Item2 is not null)];

    private async Task<LoadResult> AgainAsync(CancellationToken cancel)
    {
        var commit = _packages[BookKeeping.CommitPackage(_target)];
        return new LoadResult
        {
            Loaded = commit.Rows,
            Doubled = commit.Doubled,
            Rejected = commit.Rejected,
            TableRows = await CountLiveAsync(cancel),
        };
    }

    private Task<long> CountLiveAsync(CancellationToken cancel) => _connection.ScalarAsync($"SELECT count(*) FROM {_sql.Live}", cancel);

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
