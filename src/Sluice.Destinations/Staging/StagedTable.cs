using DuckDB.NET.Data;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Staging;

/// <summary>
/// The rows of one load in a DuckDB table aside: typed, each key once, with the rejects and the mapping of columns beside them. It is DuckDB's
/// whatever the destination is; a DuckDB file stages in itself.
/// </summary>
internal sealed class StagedTable : IAsyncDisposable
{
    private readonly StageSql _sql;
    private readonly AsideFitting _fitting;
    private readonly HashSet<string> _durable = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StageTables.Package> _packages;
    private readonly List<Part> _open = [];
    private DuckDBTransaction? _transaction;
    private StagedRows? _prepared;

    private StagedTable(DuckDBConnection connection, LoadTarget target, IReadOnlyList<StageTables.Package> packages)
    {
        Connection = connection;
        Target = target;
        _sql = new StageSql(target, connection.Database);
        _fitting = new AsideFitting(connection, target, _sql);
        _packages = packages.ToDictionary(package => package.Id, StringComparer.Ordinal);
        _durable.UnionWith(_packages.Keys);
    }

    /// <summary>The connection on which the staged rows can be seen; between <see cref="PrepareAsync"/> and <see cref="FinishAsync"/> a transaction is open on it.</summary>
    public DuckDBConnection Connection { get; }

    /// <summary>Which table is loaded.</summary>
    public LoadTarget Target { get; }

    /// <summary>The table with the rows, quoted for DuckDB.</summary>
    public string Name => _sql.Aside;

    /// <summary>What stands ready.</summary>
    public StagedRows Counts => _prepared ?? throw new InvalidOperationException("Rows are counted before they are published.");

    /// <summary>Packages whose rows survive the end of this process.</summary>
    public IReadOnlySet<string> DurablePackages => _durable;

    /// <summary>Takes up what a stopped run has staged for the load, or begins anew.</summary>
    public static async Task<StagedTable> BeginAsync(DuckDBConnection connection, LoadTarget target, bool isCommitted, CancellationToken cancel)
    {
        var staged = new StagedTable(connection, target, await StageTables.PackagesAsync(connection, target, cancel));
        if (!isCommitted && staged._packages.Count == 0)
        {
            // What another load left aside is of no use: its spool is gone.
            await connection.RunAsync(staged._sql.DropAside, cancel);
            await staged._fitting.ForgetMappingAsync(cancel);
        }

        return staged;
    }

    /// <summary>Which columns fields have in the staged rows.</summary>
    public Task<IReadOnlyList<MappedColumn>> ReadMappingAsync(CancellationToken cancel) => _fitting.ReadMappingAsync(cancel);

    /// <summary>The columns of the staged rows in their order, Sluice's own too, with DuckDB's types.</summary>
    public Task<IReadOnlyDictionary<string, string>> ReadColumnsAsync(CancellationToken cancel) =>
        TableColumns.ReadAsync(Connection, Target.Schema, StageSql.AsideName(Target), cancel);

    /// <summary>SELECT of what did not fit in this load: record_key (JSON), column_name, raw_value, load_id, run_id, rejected_at.</summary>
    public string RejectsSql =>
        $"SELECT record_key, column_name, raw_value, load_id, run_id, rejected_at FROM {StageTables.Name(Connection.Database, Target.Schema, StageTables.Rejects)} " +
        $"WHERE table_name = {DuckDBLiteral.Quote(Target.Table)} AND load_id = {DuckDBLiteral.Quote(Target.LoadId)}";

    /// <summary>Stages a segment's rows, unless the package was staged before.</summary>
    public async Task<long> WriteAsync(ShapedSegment segment, long? most, CancellationToken cancel) => _packages.TryGetValue(segment.PackageId, out var package)
        ? package.Rows
        : await StageAsync(new Part(segment, most, segment.FastSql is null), cancel);

    /// <summary>Leaves each key once, takes away what the destination can't hold, and counts.</summary>
    /// <param name="columns">The table's columns.</param>
    /// <param name="cannotHold">The condition on a column under which the destination can't hold its value, or null.</param>
    /// <param name="liveRows">Rows that the table has now.</param>
    /// <param name="cancel">Stops between statements.</param>
    public async Task<StagedRows> PrepareAsync(
        IReadOnlyList<TableColumn> columns, Func<string, ColumnType, string?> cannotHold, long liveRows, CancellationToken cancel)
    {
        _transaction ??= Connection.BeginTransaction();
        await _fitting.FitAsync(columns, cancel);
        var doubled = await DropDoublesAsync(cancel);
        var doubledRejects = doubled == 0 ? 0 : await Connection.RunAsync(_sql.DeleteDoubledRejects, cancel, ("table", Target.Table), ("load", Target.LoadId));
        var rows = await Connection.ScalarAsync($"SELECT count(*) FROM {_sql.Aside}", cancel);
        var unheld = await RejectUnheldAsync(cannotHold, cancel);
        return _prepared = new StagedRows(rows, doubled, _packages.Values.Sum(package => package.Rejected) - doubledRejects + unheld, liveRows);
    }

    /// <summary>Takes away further values that the destination turned out not to hold; they count as rejected from now on.</summary>
    public async Task RejectAsync(Func<string, ColumnType, string?> cannotHold, CancellationToken cancel) =>
        _prepared = Counts with { Rejected = Counts.Rejected + await RejectUnheldAsync(cannotHold, cancel) };

    /// <summary>Lets the staged rows go once they are published; that they were is remembered until the table's next load.</summary>
    public async Task FinishAsync(LoadResult result, CancellationToken cancel)
    {
        await Connection.RunAsync(_sql.DropAside, cancel);
        await _fitting.ForgetMappingAsync(cancel);
        await StageTables.MarkCommittedAsync(Connection, Target, result, cancel);
        CommitStaged();
    }

    public async ValueTask DisposeAsync()
    {
        await RollBackAsync();
        await Connection.DisposeAsync();
    }

    // One transaction holds several packages: from about 120,000 rows on DuckDB writes them straight to the file, below it writes them twice.
    private async Task<long> StageAsync(Part part, CancellationToken cancel)
    {
        _transaction ??= Connection.BeginTransaction();
        _open.Add(part);
        try
        {
            await InsertAsync(part, cancel);
        }
        catch (DuckDBException error) when (!part.WithCare && DuckDbErrors.IsAboutValue(error))
        {
            await AgainWithCareAsync(part, cancel);
        }

        if (_open.Sum(one => one.Rows) >= Target.StageRows)
        {
            CommitStaged();
        }

        return part.Rows;
    }

    // A value that DuckDB can't cast ends the transaction: what it held is inserted again, the odd segment value by value.
    private async Task AgainWithCareAsync(Part odd, CancellationToken cancel)
    {
        await RollBackAsync();
        odd.WithCare = true;
        _transaction = Connection.BeginTransaction();
        foreach (var part in _open)
        {
            await InsertAsync(part, cancel);
        }
    }

    private async Task InsertAsync(Part part, CancellationToken cancel)
    {
        var segment = part.Segment;
        await _fitting.FitAsync(segment.Columns, cancel);
        using var safeCast = part.WithCare ? segment.SafeCast() : null;
        part.Rows = await Connection.RunAsync(
            _sql.Insert(safeCast?.Sql ?? segment.FastSql!, segment.Columns, part.Most), cancel, ("at", Target.LoadedAt), ("run", Target.RunId));
        var rejected = safeCast?.RejectsSql(part.Most) is { } rejects ? await Connection.RunAsync(_sql.InsertRejects(rejects), cancel, Marks()) : 0;
        await StageTables.AddPackageAsync(Connection, Target, segment.PackageId, part.Rows, rejected, cancel);
        _packages[segment.PackageId] = new StageTables.Package(segment.PackageId, part.Rows, rejected);
    }

    private void CommitStaged()
    {
        _transaction!.Commit();
        _transaction.Dispose();
        _transaction = null;
        _durable.UnionWith(_open.Select(part => part.Segment.PackageId));
        _open.Clear();
    }

    private async Task RollBackAsync()
    {
        if (_transaction is not null)
        {
            // The rollback takes the table's creation with it.
            _fitting.Forget();
            await _transaction.DisposeAsync();
            _transaction = null;
        }
    }

    private async Task<long> DropDoublesAsync(CancellationToken cancel) =>
        Target.PrimaryKey.Count == 0 || await Connection.ScalarAsync(_sql.HasDoubles, cancel) == 0
            ? 0
            : await Connection.RunAsync(_sql.DeleteDoubles, cancel);

    private async Task<long> RejectUnheldAsync(Func<string, ColumnType, string?> cannotHold, CancellationToken cancel)
    {
        var rejected = 0L;
        foreach (var (name, sqlType) in await ReadColumnsAsync(cancel))
        {
            var type = SqlType.Parse(sqlType);
            if (cannotHold(StageTables.Quote(name), type) is { } condition)
            {
                var found = await Connection.RunAsync(_sql.RejectUnheld(name, type, condition), cancel, [.. Marks(), ("column", name)]);
                rejected += found == 0 ? 0 : await Connection.RunAsync(_sql.ClearUnheld(name, condition), cancel);
            }
        }

        return rejected;
    }

    private (string Name, object? Value)[] Marks() =>
        [("table", Target.Table), ("load", Target.LoadId), ("run", Target.RunId), ("at", Target.LoadedAt)];

    private sealed class Part(ShapedSegment segment, long? most, bool withCare)
    {
        public ShapedSegment Segment { get; } = segment;

        public long? Most { get; } = most;

        public bool WithCare { get; set; } = withCare;

        public long Rows { get; set; }
    }
}
