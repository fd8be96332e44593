using System.Data.Common;
using DuckDB.NET.Data;
using Sluice.Destinations.Merge;
using Sluice.Engine;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;

namespace Sluice.Destinations.DuckDb;

/// <summary>A DuckDB file. The shaper's SQL runs in the file's own engine, so rows go from the spool into the table without a detour.</summary>
internal sealed class DuckDbDatabase(InterruptibleConnection connection, string path) : RelationalDatabase
{
    private static readonly string[] Statement = ["Parser Error", "Binder Error", "Catalog Error"];

    public override SqlDialect Dialect { get; } = new DuckDbDialect(connection.Database);

    public override RowSql Rows { get; } = new DuckDbRowSql();

    public override DuckDBConnection OpenStage() => connection.Duplicate();

    // A load may be using the first connection at the same time, and rows that are being read block theirs.
    public override Task<DbSession> OpenAsync(CancellationToken cancel) => Task.FromResult(new DbSession(connection.Duplicate(), Dialect));

    public override Task<DbSession> BeginAsync(CancellationToken cancel) =>
        File.Exists(path) ? base.BeginAsync(cancel) : throw DuckDbErrors.Removed(path);

    // The rows are staged in a transaction that is open, and the load commits it.
    public override Task<DbSession> BeginAsync(StagedTable staged, CancellationToken cancel) =>
        Task.FromResult(DuckDbDialect.SessionOn(staged.Connection));

    public override SluiceException Explain(string doing, DbException error) => DuckDbErrors.Doing(doing, (DuckDBException)error);

    protected override bool IsOfStatement(DbException error) =>
        Statement.Any(kind => error.Message.StartsWith(kind, StringComparison.Ordinal))
            || error.Message.Contains("read-only mode", StringComparison.Ordinal);

    protected override bool IsStage => true;

    public override async Task<SluiceException> LookUpAsync(
        SluiceException told, DbException error, LoadTarget? loaded, CancellationToken cancel)
    {
        if (loaded is null || DuckDbErrors.Refusal(error.Message) is not { } refusal)
        {
            return told;
        }

        var (schema, table) = (Dialect.Quote(loaded.Schema), Dialect.Quote(loaded.Table));
        var statements = refusal.By switch
        {
            RefusedBy.NotNull => [$"ALTER TABLE {schema}.{table} ALTER COLUMN {Dialect.Quote(refusal.Column!)} DROP NOT NULL;"],
            RefusedBy.Constraint or RefusedBy.Reference => [],
            _ => await IndexesAsync(loaded, refusal.By == RefusedBy.UniqueIndex, cancel),
        };
        var hint = statements.Count > 0
            ? $"Take it out of the way, and make it again afterwards if rows allow it: {string.Join(' ', statements)}"
            : refusal.By == RefusedBy.Reference
                ? "Another table refers to this one, and DuckDB can't drop the reference: name another table with --dest-table."
            : $"DuckDB can't drop a constraint: name another table with --dest-table, or let this one be made anew: DROP TABLE {schema}.{table};";
        return new SluiceException(told.Kind, told.Message, hint, error);
    }

    private async Task<IReadOnlyList<string>> IndexesAsync(LoadTarget loaded, bool unique, CancellationToken cancel)
    {
        await using var session = await OpenAsync(cancel);
        return await session.ListAsync(
            DuckDbCatalog.Indexes,
            row => $"DROP INDEX {Dialect.Quote(loaded.Schema)}.{Dialect.Quote(row.GetString(0))};",
            cancel,
            ("schema", loaded.Schema),
            ("table", loaded.Table),
            ("unique", unique));
    }

    public override async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        await base.DisposeAsync();
    }
}
