using DuckDB.NET.Data;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Shape;

namespace Sluice.Engine.Load.Staging;

/// <summary>Inserts segments into the staged table of a load, several in one transaction, and knows which of them survive the process.</summary>
/// <param name="transaction">The transaction, on the connection on which rows are staged.</param>
/// <param name="target">Which table.</param>
/// <param name="sql">The statements of the staged table.</param>
/// <param name="schema">Its columns.</param>
/// <param name="former">What a stopped run has staged of the load.</param>
internal sealed class StagedSegments(
    StageTransaction transaction, LoadTarget target, StagingSql sql, StagingSchema schema, IReadOnlyList<StagingTables.Package> former)
{
    private const long LongRow = 2048;

    private readonly HashSet<string> _durable = [.. former.Select(package => package.Id)];
    private readonly Dictionary<string, StagingTables.Package> _packages = former.ToDictionary(package => package.Id, StringComparer.Ordinal);
    private readonly List<Part> _open = [];
    private long _longBytes;

    /// <summary>Packages whose rows survive the end of this process.</summary>
    public IReadOnlySet<string> Durable => _durable;

    /// <summary>All packages that are staged, by their ids.</summary>
    public IReadOnlyDictionary<string, StagingTables.Package> Packages => _packages;

    private static long MostUncommitted => MemoryBudget.OfProcess.DuckDb / 8;

    private DuckDBConnection Connection => transaction.Connection;

    /// <summary>Stages a segment's rows, unless the package was staged before, and gives how many there are.</summary>
    public async Task<long> AddAsync(ShapedSegment segment, long? most, CancellationToken cancel)
    {
        if (_packages.TryGetValue(segment.PackageId, out var package))
        {
            return package.Rows;
        }

        // One transaction holds several packages: from about 120,000 rows on DuckDB writes them straight to the file, below it writes them twice.
        transaction.Begin();
        var part = new Part(segment, most) { SafeCasts = segment.FastSql is null };
        _open.Add(part);
        await InsertAsync(part, cancel);
        return part.Rows;
    }

    /// <summary>Rolls back what is open, and inserts it once more: DuckDB had too little memory, and has all now.</summary>
    public async Task RepeatAsync(CancellationToken cancel)
    {
        var missing = await RestartAsync();
        await transaction.Memory.TakeAllAsync(Connection, cancel);
        await InsertAsync(missing, cancel);
    }

    /// <summary>Makes rows durable before all of them are worked on, if they are so long that DuckDB could not put them aside.</summary>
    public void CommitLong()
    {
        if (HoldsLongRows(0))
        {
            Commit();
        }
    }

    /// <summary>Commits what is open.</summary>
    public void Commit()
    {
        transaction.Commit();
        _durable.UnionWith(_open.Select(part => part.Segment.PackageId));
        _open.Clear();
    }

    /// <summary>Rolls back what is open.</summary>
    public async Task RollBackAsync()
    {
        if (transaction.IsOpen)
        {
            // The rollback takes the table's creation with it.
            schema.Forget();
            await transaction.RollBackAsync();
        }
    }

    private async Task InsertAsync(Part part, CancellationToken cancel)
    {
        IReadOnlyList<Part> missing = [part];
        while (missing.Count > 0)
        {
            var hadAll = transaction.Memory.IsWhole;
            try
            {
                await InsertAsync(missing, cancel);
                missing = [];
            }
            catch (DuckDBException error) when (!part.SafeCasts && DuckDbErrors.IsAboutValue(error))
            {
                part.SafeCasts = true;
                missing = await RestartAsync();
            }
            catch (DuckDBException error) when (!hadAll && DuckDbErrors.IsOutOfMemory(error))
            {
                missing = await RestartAsync();
                await transaction.Memory.TakeAllAsync(Connection, cancel);
            }
        }
    }

    // A value that DuckDB can't cast ends the transaction, and so does too little memory: what it held is to be inserted again.
    private async Task<IReadOnlyList<Part>> RestartAsync()
    {
        await RollBackAsync();
        transaction.Begin();
        return [.. _open];
    }

    private async Task InsertAsync(IReadOnlyList<Part> parts, CancellationToken cancel)
    {
        foreach (var part in parts)
        {
            await InsertOneAsync(part, cancel);
        }

        if (_open.Sum(one => one.Rows) >= target.StageRows || HoldsLongRows(MostUncommitted))
        {
            Commit();
        }
    }

    private async Task InsertOneAsync(Part part, CancellationToken cancel)
    {
        var segment = part.Segment;
        _longBytes += segment.Bytes / LongRow >= segment.Records ? segment.Bytes : 0;
        // First its share, then what is allowed beyond it.
        await transaction.Memory.FitAsync(Connection, segment.LongestRecord, segment.Columns.Count, _longBytes > 0, cancel);
        await MemoryBudget.OfProcess.AllowAsync(Connection, target.Table, segment.LongestRecord, segment.Columns.Count, cancel);
        await MemoryBudget.OfProcess.AllowWriteAsync(Connection, target.Table, _longBytes, cancel);
        await schema.FitAsync(segment.Columns, cancel);
        using var safeCast = part.SafeCasts ? segment.SafeCast() : null;
        part.Rows = await Connection.RunAsync(
            sql.Insert(safeCast?.Sql ?? segment.FastSql!, segment.Columns, part.Most), cancel, ("at", target.LoadedAt), ("run", target.RunId));
        var rejected = safeCast?.RejectsSql(part.Most) is { } rejects
            ? await Connection.RunAsync(sql.InsertRejects(rejects), cancel, sql.Marks)
            : 0;
        await StagingTables.AddPackageAsync(Connection, target, segment.PackageId, part.Rows, rejected, cancel);
        _packages[segment.PackageId] = new StagingTables.Package(segment.PackageId, part.Rows, rejected);
    }

    // DuckDB can't spill what a transaction has written of long values, as it can with many short ones.
    private bool HoldsLongRows(long most)
    {
        var bytes = _open.Sum(one => one.Segment.Bytes);
        return bytes > most && bytes / LongRow >= _open.Sum(one => one.Segment.Records);
    }

    private sealed record Part(ShapedSegment Segment, long? Most)
    {
        public bool SafeCasts { get; set; }

        public long Rows { get; set; }
    }
}
