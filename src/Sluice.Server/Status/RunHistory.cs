using Sluice.Server.Control;
using Sluice.Server.Runs;

namespace Sluice.Server.Status;

/// <summary>Reads runs, a page at a time by key, so that the thousandth page costs what the first does.</summary>
internal sealed class RunHistory(ControlDatabase control)
{
    /// <summary>Runs on a page.</summary>
    public const int PageSize = 50;

    /// <summary>A run, or null.</summary>
    public async Task<RunView?> FindAsync(string id, CancellationToken cancel) =>
        await control.FindAsync<RunRow>($"SELECT {RunRow.Columns} FROM runs WHERE id = @Id", new { Id = id }, cancel) is { } row
            ? RunView.Of(row)
            : null;

    /// <summary>The report of a run as JSON; null when it has none.</summary>
    public Task<string?> ReportAsync(string id, CancellationToken cancel) =>
        control.FindAsync<string>("SELECT report FROM runs WHERE id = @Id", new { Id = id }, cancel);

    /// <summary>Runs, the latest first.</summary>
    /// <param name="target">Of what; null for all.</param>
    /// <param name="before">Only runs that began before this one, by its id; null for the latest.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<IReadOnlyList<RunView>> ListAsync(RunTarget? target, string? before, CancellationToken cancel)
    {
        var rows = await control.ListAsync<RunRow>(
            $"""
            SELECT {RunRow.Columns} FROM runs WHERE 1 = 1
            {(target is null ? "" : "AND name = @Name AND kind = @Kind")} {(before is null ? "" : "AND started_at <= @Started AND id < @Before")}
            ORDER BY started_at DESC, id DESC LIMIT {PageSize}
            """,
            new
            {
                target?.Name,
                Kind = target is null ? null : RunWords.Of(target.Kind),
                Before = before,
                Started = before is null ? null : await StartOfAsync(before, cancel),
            },
            cancel);
        return [.. rows.Select(RunView.Of)];
    }

    private Task<long?> StartOfAsync(string id, CancellationToken cancel) =>
        control.FindAsync<long?>("SELECT started_at FROM runs WHERE id = @Id", new { Id = id }, cancel);

    /// <summary>The lines of due times of a sync or push, the latest first.</summary>
    public Task<IReadOnlyList<DueTimeView>> DueTimesAsync(RunTarget target, int atMost, CancellationToken cancel) => control.ListAsync<DueTimeView>(
        $"""
        SELECT due_at AS DueAtMilliseconds, outcome AS Outcome, note AS Note, request_id AS RequestId,
            (SELECT max(runs.id) FROM runs WHERE runs.request_id = due_times.request_id) AS RunId
        FROM due_times WHERE name = @Name ORDER BY due_at DESC LIMIT {atMost}
        """,
        new { Name = Schedules.DueTimes.Key(target) },
        cancel);
}

/// <summary>What became of a due time.</summary>
internal sealed record DueTimeView
{
    public DateTimeOffset DueAt => ControlTime.Read(DueAtMilliseconds);

    /// <summary>ran, skipped or missed.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>Why.</summary>
    public string? Note { get; init; }

    /// <summary>The last run that it led to.</summary>
    public string? RunId { get; init; }

    internal long DueAtMilliseconds { get; init; }

    internal string? RequestId { get; init; }
}
