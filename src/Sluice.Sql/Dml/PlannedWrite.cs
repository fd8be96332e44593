using System.Text.Json.Nodes;
using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Sql.Planning;
using Sluice.Sql.Procedures;
using Sluice.Sql.Tables;
using Sluice.Writes.Operations;
using Sluice.Writes.Statements;

namespace Sluice.Sql.Dml;

/// <summary>A statement with the calls that it would make; nothing of it was sent yet.</summary>
public sealed class PlannedWrite : IAsyncDisposable
{
    private readonly WriteStatement _statement;
    private readonly PreparedQuery _query;
    private readonly CustomerIoClient _client;
    private StatementCopy? _copy;

    private PlannedWrite(WriteStatement statement, PreparedQuery query, QueryReport reads, CustomerIoClient client) =>
        (_statement, _query, Reads, _client) = (statement, query, reads, client);

    /// <summary>The calls in order.</summary>
    public IReadOnlyList<PlannedCall> Calls { get; private set; } = [];

    /// <summary>What somebody should know before they are sent: joined rows, times in milliseconds, attributes taken away.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>What the rows have cost that it was computed from.</summary>
    public QueryReport Reads { get; }

    /// <summary>INSERT, UPDATE, DELETE, MERGE or CALL.</summary>
    public string Verb => _statement.Verb.ToUpperInvariant();

    /// <summary>The table or procedure.</summary>
    public string Target => _statement.Target;

    /// <summary>Rows that would change.</summary>
    public int Count => Calls.Sum(call => call.Count);

    /// <summary>Requests that the calls would take.</summary>
    public int Requests => Calls.Sum(call => call.Requests);

    /// <summary>Whether it changes rows without a condition that chooses them.</summary>
    public bool IsOfAllRows => _statement.IsOfAllRows;

    /// <summary>Whether it wants to see rows: what RETURNING says, or what a procedure has answered.</summary>
    public bool HasRows => _statement.Procedure is not null || _statement.Returning is not null;

    /// <summary>Whether it destroys what Customer.io can't give back.</summary>
    public bool IsDestroying => Calls.Any(call => call.Call.IsDestroying);

    /// <summary>What can't be undone.</summary>
    public IReadOnlyList<string> Undone => [.. Calls.Select(call => call.Call.Undone).Distinct(StringComparer.Ordinal)];

    /// <summary>How long the calls take at the rates of both APIs, if nothing else uses them.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds(
        (Calls.Where(call => call.Call.IsTrack).Sum(call => call.Requests) / _client.TrackBudget.RequestsPerSecond)
        + (Calls.Where(call => !call.Call.IsTrack).Sum(call => call.Requests) / _client.Budget.RequestsPerSecond));

    /// <summary>Sends the calls, and gives the rows that the statement wants to see.</summary>
    /// <param name="settings">What they are sent with; the statement's own parts are filled in.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Lets no further call begin.</param>
    /// <exception cref="SluiceException">The journal can't be written, the key is refused, or Customer.io can't be reached.</exception>
    public async Task<(CallReport Report, QueryResult Rows)> RunAsync(CallSettings settings, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var own = settings with { Statement = _statement.Statement.Text, Source = $"SQL {Verb}", Target = Target };
        var report = await new CallRun(_client, own, time).RunAsync(Calls, cancel);
        if (_copy is not null)
        {
            await _copy.KeepAsync(report.Outcomes, CancellationToken.None);
        }

        var reader = await _query.Context.Database.ReadAsync(Shown(report), CancellationToken.None);

        // The plan is that of the statement, and not of the query that shows its rows.
        return (report, new QueryResult(_query, reader, Reads, new QueryPlan([], [])));
    }

    /// <summary>Removes what was fetched for it.</summary>
    public ValueTask DisposeAsync() => _query.DisposeAsync();

    /// <summary>Runs the statement on what was fetched and makes calls of what it has changed.</summary>
    internal static async Task<PlannedWrite> MakeAsync(
        WriteStatement statement, PreparedQuery query, QueryReport reads, CustomerIoClient client, CancellationToken cancel)
    {
        var planned = new PlannedWrite(statement, query, reads, client);
        var database = query.Context.Database;
        await database.LockAsync(cancel);
        if (statement.Procedure is { } procedure)
        {
            planned.Calls = [await ProcedureCall.MakeAsync(database, procedure, statement.Text, cancel)];
            planned.Warnings = planned.Calls[0].Warnings;
            return planned;
        }

        var table = query.Context.Tables.Find(statement.Target)!;
        planned._copy = new StatementCopy(database, table);
        var changes = await planned.ChangesAsync(table, cancel);
        var plan = new CallPlan(statement.Table!, table.Resource.PrimaryKey)
        {
            Computed = statement.Computed,
            Attributes = table.Attributes.ToHashSet(StringComparer.Ordinal),
            Contents = statement.Table!.Form == WriteShape.Rows
                ? await planned._copy.ContentsAsync(cancel)
                : new Dictionary<string, JsonArray>(StringComparer.Ordinal),
        };
        planned.Calls = plan.Make(changes);
        planned.Warnings = plan.Warnings;
        await planned.RequireReturningAsync(cancel);
        return planned;
    }

    private async Task<IReadOnlyList<RowChange>> ChangesAsync(LiveTable table, CancellationToken cancel)
    {
        if (table.Attributes.Count == 0 || _statement.Verb == "delete")
        {
            return await _copy!.ChangeAsync(_statement.Text, new HashSet<string>(), cancel);
        }

        var typed = await TypedAttributes.OfAsync(
            _statement.Verb, _statement.Text, table.Name, table.Attributes, query => _copy!.ColumnsAsync(query, cancel));
        return await _copy!.ChangeAsync(typed.Text, typed.Set, cancel);
    }

    // A mistake in RETURNING must not show only when everything is sent.
    private async Task RequireReturningAsync(CancellationToken cancel)
    {
        if (_statement.Returning is { } returning)
        {
            await using var reader = await _query.Context.Database.ReadAsync(Returned(returning), cancel);
        }
    }

    private string Returned(string returning) => _copy!.Returned(returning, _statement.Alias, _statement.Verb == "merge");

    private string Shown(CallReport report) =>
        _statement.Procedure is { } procedure ? ProcedureCall.Answered(procedure, report.Outcomes[0])
        : _statement.Returning is { } returning ? Returned(returning)
        : string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"SELECT {report.Count(CallState.Done, CallState.DoneBefore)} AS changed, {report.Count(CallState.Refused)} AS refused, "
            + $"{report.Count(CallState.Unknown)} AS unknown, {report.Count(CallState.NotTried)} AS not_tried");
}
