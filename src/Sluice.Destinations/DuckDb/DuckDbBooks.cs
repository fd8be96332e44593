using Sluice.Destinations.Staging;
using Sluice.DuckDb;
using Sluice.Engine.Load;
using Sluice.Engine.State;

namespace Sluice.Destinations.DuckDb;

/// <summary>The book-keeping tables of one schema of a DuckDB file.</summary>
internal sealed class DuckDbBooks(DuckDBConnection connection, string path, string schema) : IBooks
{
    private string States => StageTables.Name(connection.Database, schema, BookKeeping.State);

    private string Runs => StageTables.Name(connection.Database, schema, BookKeeping.Runs);

    public async Task<IReadOnlyList<TableState>> ReadStatesAsync(CancellationToken cancel) => !await ExistsAsync(BookKeeping.State, cancel) ? [] : await TryAsync(
        BookKeeping.State,
        () => connection.ListAsync(
            $"""
            SELECT table_name, source, read_until, parents, run_id FROM {States} WHERE table_name IN (
              SELECT table_name FROM duckdb_tables() WHERE schema_name = $schema AND database_name = current_database()) ORDER BY table_name
            """,
            row => new TableState
            {
                Table = row.GetString(0),
                Source = row.GetString(1),
                Until = row.GetFieldValue<DateTimeOffset>(2),
                Parents = ParentMarks.Read(row.GetString(3)),
                RunId = row.IsDBNull(4) ? null : row.GetString(4),
            },
            cancel,
            ("schema", schema)));

    public Task WriteStateAsync(TableState state, DateTimeOffset at, CancellationToken cancel) => TryAsync(BookKeeping.State, async () =>
    {
        await CreateAsync(cancel);
        await using var transaction = connection.BeginTransaction();
        await WriteStateAsync(connection, schema, state, at, cancel);
        transaction.Commit();
        return true;
    });

    public Task<int> ResetStateAsync(string? table, CancellationToken cancel) => TryAsync(BookKeeping.State, async () =>
    {
        await CreateAsync(cancel);
        return table is null
            ? await connection.RunAsync($"DELETE FROM {States}", cancel)
            : await connection.RunAsync($"DELETE FROM {States} WHERE table_name = $table", cancel, ("table", table));
    });

    public async Task<IReadOnlyList<RunRecord>> ReadRunsAsync(int most, CancellationToken cancel) => !await ExistsAsync(BookKeeping.Runs, cancel) ? [] : await TryAsync(
        BookKeeping.Runs,
        () => connection.ListAsync(
            $"SELECT run_id, started_at, ended_at, exit_code, requests, report FROM {Runs} ORDER BY started_at DESC, run_id DESC LIMIT {most}",
            row => new RunRecord(
                row.GetString(0), row.GetFieldValue<DateTimeOffset>(1), row.GetFieldValue<DateTimeOffset>(2), row.GetInt32(3), row.GetInt64(4), row.GetString(5)),
            cancel));

    public Task RecordRunAsync(RunRecord run, CancellationToken cancel) => TryAsync(BookKeeping.Runs, async () =>
    {
        if (!File.Exists(path))
        {
            throw DuckDbErrors.Removed(path);
        }

        await CreateAsync(cancel);
        return await connection.RunAsync(
            $"INSERT INTO {Runs} VALUES ($run, $started, $ended, $code, $requests, $report::JSON)",
            cancel,
            ("run", run.RunId),
            ("started", run.StartedAt),
            ("ended", run.EndedAt),
            ("code", run.ExitCode),
            ("requests", run.Requests),
            ("report", run.Report));
    });

    /// <summary>Replaces a table's state inside the transaction that is open on the connection.</summary>
    public static async Task WriteStateAsync(DuckDBConnection connection, string schema, TableState state, DateTimeOffset at, CancellationToken cancel)
    {
        var name = StageTables.Name(connection.Database, schema, BookKeeping.State);
        await connection.RunAsync($"DELETE FROM {name} WHERE table_name = $table", cancel, ("table", state.Table));
        await connection.RunAsync(
            $"INSERT INTO {name} VALUES ($table, $source, $until, $parents::JSON, $run, $at)",
            cancel,
            ("table", state.Table),
            ("source", state.Source),
            ("until", state.Until),
            ("parents", ParentMarks.Write(state.Parents)),
            ("run", state.RunId),
            ("at", at));
    }

    private Task<int> CreateAsync(CancellationToken cancel) => connection.RunAsync(BookKeeping.Create(connection.Database, schema), cancel);

    private async Task<bool> ExistsAsync(string table, CancellationToken cancel) => (await TableColumns.ReadAsync(connection, schema, table, cancel)).Count > 0;

    private async Task<T> TryAsync<T>(string table, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (DuckDBException error)
        {
            throw DuckDbErrors.Writing($"{schema}.{table}", error);
        }
    }
}
