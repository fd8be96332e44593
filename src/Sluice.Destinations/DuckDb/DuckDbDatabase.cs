using System.Data.Common;
using DuckDB.NET.Data;
using Sluice.Destinations.Merge;
using Sluice.Engine;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Load.Staging;

namespace Sluice.Destinations.DuckDb;

/// <summary>A DuckDB file. The shaper's SQL runs in the file's own engine, so rows go from the spool into the table without a detour.</summary>
internal sealed class DuckDbDatabase(InterruptibleConnection connection, string path) : RelationalDatabase
{
    public override SqlDialect Dialect { get; } = new DuckDbDialect(connection.Database);

    public override DuckDBConnection OpenStage() => connection.Duplicate();

    // A load may be using the first connection at the same time, and rows that are being read block theirs.
    public override Task<DbSession> OpenAsync(CancellationToken cancel) => Task.FromResult(new DbSession(connection.Duplicate(), Dialect));

    public override Task<DbSession> BeginAsync(CancellationToken cancel) =>
        File.Exists(path) ? base.BeginAsync(cancel) : throw DuckDbErrors.Removed(path);

    // The rows are staged in a transaction that is open, and the load commits it.
    public override Task<DbSession> BeginAsync(StagedTable staged, CancellationToken cancel) =>
        Task.FromResult(DuckDbDialect.SessionOn(staged.Connection));

    public override SluiceException Explain(string doing, DbException error) => DuckDbErrors.Doing(doing, (DuckDBException)error);

    public override async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        await base.DisposeAsync();
    }
}
