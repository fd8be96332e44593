using System.Data.Common;
using Sluice.Engine.State;

namespace Sluice.Engine.Load;

/// <summary>A place that rows can be brought to. What it promises is written down as the compliance suite that all destinations pass.</summary>
public interface IDestination : IAsyncDisposable
{
    /// <summary>The destination's address as it may be shown: without passwords.</summary>
    string Name { get; }

    /// <summary>Tells whether rows could be written now, without writing any; throws a <see cref="SluiceException"/> that says why not.</summary>
    Task<string> CheckAsync(CancellationToken cancel);

    /// <summary>
    /// Keeps other runs from loading a table until this destination is closed, where the database has locks for that. Elsewhere, and when a lock is
    /// lost, the run that commits second is refused.
    /// </summary>
    /// <exception cref="SluiceException">Another run loads it (kind Destination, transient).</exception>
    Task LockAsync(string schema, string table, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>
    /// Ends what a run still holds that has stopped answering, where the database can: its connections, and with them its locks. Elsewhere, the run
    /// that commits second is refused.
    /// </summary>
    /// <param name="runId">The run, which a server has declared ended.</param>
    /// <param name="cancel">Stops it.</param>
    Task EndFormerRunAsync(string runId, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Opens what writes one table, with the system tables of its schema in place.</summary>
    Task<ITargetWriter> OpenWriterAsync(LoadTarget target, CancellationToken cancel);

    /// <summary>What is kept beside the tables of a schema.</summary>
    ISystemTables SystemTables(string schema);

    /// <summary>The models of a schema's tables; null where there are no views.</summary>
    IModelViews? Models(string schema) => null;

    /// <summary>
    /// Reads all rows of a table, those marked as deleted too, with the names of the destination; null when there is no such table.
    /// </summary>
    /// <param name="schema">The table's schema.</param>
    /// <param name="table">The table.</param>
    /// <param name="orderBy">The columns by which rows come in ascending order: NULL first, text by its bytes in UTF-8.</param>
    /// <param name="cancel">Stops the reading.</param>
    Task<DbDataReader?> ReadTableAsync(string schema, string table, IReadOnlyList<string> orderBy, CancellationToken cancel);
}

/// <summary>What Sluice keeps beside the data of one schema: how far each table is, and what each run did.</summary>
public interface ISystemTables
{
    /// <summary>How far the tables are; a table that is not there any more is left out, for nothing of it has been read then.</summary>
    Task<IReadOnlyList<TableState>> ReadStatesAsync(CancellationToken cancel);

    /// <summary>Every table that the ledger has a load of.</summary>
    Task<IReadOnlyList<LoadedTable>> ReadLoadedAsync(CancellationToken cancel);

    /// <summary>Which columns the fields of tables have, and what is masked in them; a table that is not there any more is left out.</summary>
    Task<IReadOnlyList<ColumnRow>> ReadColumnsAsync(CancellationToken cancel);

    /// <summary>Sets how far a table is.</summary>
    /// <param name="state">The state that takes the place of the old one.</param>
    /// <param name="at">When it is set.</param>
    /// <param name="cancel">Stops before it is done.</param>
    Task WriteStateAsync(TableState state, DateTimeOffset at, CancellationToken cancel);

    /// <summary>Forgets how far a table is, or all tables; gives how many were forgotten.</summary>
    Task<int> ResetStateAsync(string? table, CancellationToken cancel);

    /// <summary>The last runs, the newest first.</summary>
    Task<IReadOnlyList<RunRecord>> ReadRunsAsync(int most, CancellationToken cancel);

    /// <summary>Keeps what a run did.</summary>
    Task RecordRunAsync(RunRecord run, CancellationToken cancel);
}

/// <summary>A table that has been loaded at some time.</summary>
/// <param name="Table">The table.</param>
/// <param name="Source">What was asked for by its last load.</param>
/// <param name="IsThere">Whether the table is still there.</param>
public sealed record LoadedTable(string Table, string Source, bool IsThere)
{
    /// <summary>The tables of a ledger, whose lines may be in any order.</summary>
    public static IReadOnlyList<LoadedTable> Of(IEnumerable<LedgerRow> ledger, Func<string, bool> isThere) =>
        [
            .. ledger
                .GroupBy(row => row.Table, StringComparer.Ordinal)
                .Select(table => new LoadedTable(table.Key, table.MaxBy(row => row.CommittedAt)!.Line.Source, isThere(table.Key)))
                .OrderBy(table => table.Table, StringComparer.Ordinal),
        ];
}

/// <summary>One run as it is kept beside the data in <c>_sluice_runs</c>.</summary>
/// <param name="RunId">The run's id, which every row carries in <c>_sluice_run_id</c>.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="ExitCode">The exit code that it deserved.</param>
/// <param name="Requests">HTTP requests that it made, retries included.</param>
/// <param name="Report">The whole report as JSON.</param>
public sealed record RunRecord(string RunId, DateTimeOffset StartedAt, DateTimeOffset EndedAt, int ExitCode, long Requests, string Report);
