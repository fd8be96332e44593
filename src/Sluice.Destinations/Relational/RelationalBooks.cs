using System.Data.Common;
using Sluice.Engine.Load;
using Sluice.Engine.State;

namespace Sluice.Destinations.Relational;

/// <summary>The book-keeping tables of one schema.</summary>
internal sealed class RelationalBooks(IBookPlace place, string schema) : ISystemTables
{
    private string Runs => place.Words.Table(schema, BookTables.Runs);

    public Task<IReadOnlyList<TableState>> ReadStatesAsync(CancellationToken cancel) => LookAsync(
        "Reading", BookTables.State, session => StateTable.ReadAsync(session, schema, cancel), cancel);

    public Task WriteStateAsync(TableState state, DateTimeOffset at, CancellationToken cancel) => ChangeAsync(BookTables.State, async session =>
    {
        await StateTable.WriteAsync(session, schema, state, at, cancel);
        return 1;
    }, cancel);

    public Task<int> ResetStateAsync(string? table, CancellationToken cancel) => ChangeAsync(
        BookTables.State, session => StateTable.ResetAsync(session, schema, table, cancel), cancel);

    public Task<IReadOnlyList<RunRecord>> ReadRunsAsync(int most, CancellationToken cancel) => LookAsync<IReadOnlyList<RunRecord>>("Reading", BookTables.Runs, async session =>
        (await place.Words.TablesAsync(session, schema, cancel)).Contains(BookTables.Runs)
            ? await session.ListAsync(
                $"SELECT run_id, started_at, ended_at, exit_code, requests, report FROM {Runs} ORDER BY started_at DESC, run_id DESC LIMIT {place.Words.Parameter("most")}",
                row => new RunRecord(
                    row.GetString(0), row.GetFieldValue<DateTimeOffset>(1), row.GetFieldValue<DateTimeOffset>(2), checked((int)row.GetInt64(3)), row.GetInt64(4), row.GetString(5)),
                cancel,
                ("most", most))
            : [],
        cancel);

    public Task RecordRunAsync(RunRecord run, CancellationToken cancel) => ChangeAsync(BookTables.Runs, async session =>
    {
        var sql = place.Words;
        var added = await session.RunAsync(
            $"INSERT INTO {Runs} (run_id, started_at, ended_at, exit_code, requests, report) VALUES ({sql.Parameter("run")}, {sql.Parameter("started")}, " +
            $"{sql.Parameter("ended")}, {sql.Parameter("code")}, {sql.Parameter("requests")}, {sql.JsonParameter("report")})",
            cancel,
            ("run", run.RunId),
            ("started", run.StartedAt),
            ("ended", run.EndedAt),
            ("code", (long)run.ExitCode),
            ("requests", run.Requests),
            ("report", run.Report));
        return (int)added;
    }, cancel);

    private Task<int> ChangeAsync(string table, Func<Session, Task<int>> work, CancellationToken cancel) => TryAsync("Writing", table, async () =>
    {
        await using var session = await place.BeginAsync(cancel);
        await BookTables.CreateAsync(session, schema, cancel);
        var changed = await work(session);
        await session.CommitAsync();
        return changed;
    }, cancel);

    private Task<T> LookAsync<T>(string doing, string table, Func<Session, Task<T>> work, CancellationToken cancel) => TryAsync(doing, table, async () =>
    {
        await using var session = await place.OpenAsync(cancel);
        return await work(session);
    }, cancel);

    private async Task<T> TryAsync<T>(string doing, string table, Func<Task<T>> work, CancellationToken cancel)
    {
        try
        {
            return await work();
        }
        catch (DbException error) when (cancel.IsCancellationRequested)
        {
            throw new OperationCanceledException($"{doing} {schema}.{table} was stopped.", error, cancel);
        }
        catch (DbException error)
        {
            throw place.Explain($"{doing} {schema}.{table}", error);
        }
    }
}
