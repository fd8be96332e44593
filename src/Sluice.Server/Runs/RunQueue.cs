using Sluice.Server.Control;

namespace Sluice.Server.Runs;

/// <summary>
/// The queue that button, command, API and schedule all end in. A request waits until its workspaces and destination are free; a node takes it and
/// makes it a run.
/// </summary>
internal sealed class RunQueue(ControlDatabase control, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _news = new(0);

    public void Dispose() => _news.Dispose();

    /// <summary>Returns when something may be to do on this node, or when the time is over.</summary>
    public Task WaitForNewsAsync(TimeSpan atMost, CancellationToken cancel) => _news.WaitAsync(atMost, cancel);

    /// <summary>Wakes who waits for news.</summary>
    public void Wake() => _news.Release();

    /// <summary>Asks for a run now; gives the id of the request, or of one that waits already and asks for the same.</summary>
    public async Task<string> AskAsync(RunTarget target, RunReason reason, string by, RunChoices choices, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var request = new RunRequest
        {
            Id = ControlTime.NewId(now),
            Target = target,
            Reason = reason,
            AskedAt = now,
            AskedBy = by,
            NotBefore = now,
            Choices = choices,
        };
        var id = await control.ChangeAsync(change => AddAsync(change, request), cancel);
        Wake();
        return id;
    }

    /// <summary>Puts a request into the queue, unless one that waits asks for the same; gives the id of the one that waits.</summary>
    public static async Task<string> AddAsync(ControlChange change, RunRequest request)
    {
        var row = RequestRow.Of(request);
        var waiting = await change.FindAsync<string>(
            """
            SELECT id FROM run_requests WHERE name = @Name AND kind = @Kind AND state = 'queued' AND options = @Options ORDER BY asked_at LIMIT 1
            """,
            row);
        if (waiting is not null)
        {
            // Somebody who asks now does not wait for the next attempt.
            await change.ExecuteAsync(
                "UPDATE run_requests SET not_before = @NotBefore WHERE id = @Id AND not_before > @NotBefore", new { Id = waiting, row.NotBefore });
            return waiting;
        }

        await change.ExecuteAsync(
            """
            INSERT INTO run_requests (id, name, kind, reason, due_at, asked_at, asked_by, attempt, not_before, options, state)
            VALUES (@Id, @Name, @Kind, @Reason, @DueAt, @AskedAt, @AskedBy, @Attempt, @NotBefore, @Options, @State)
            """,
            row);
        return row.Id;
    }

    /// <summary>
    /// Asks a run to stop, and drops what its sync or push was to do before now: a due time that passed meanwhile must not start it again. Gives
    /// false when it has ended.
    /// </summary>
    public async Task<bool> CancelAsync(string runId, string by, CancellationToken cancel)
    {
        var now = ControlTime.Of(time.GetUtcNow());
        var isAsked = await control.ChangeAsync(
            async change =>
            {
                var asked = await change.ExecuteAsync(
                    """
                    UPDATE runs SET cancel_asked_at = coalesce(cancel_asked_at, @Now), cancel_asked_by = coalesce(cancel_asked_by, @By)
                    WHERE id = @Id AND state = 'running'
                    """,
                    new { Id = runId, Now = now, By = by });
                if (asked > 0)
                {
                    await change.ExecuteAsync(
                        """
                        UPDATE run_requests SET state = 'dropped', note = @Note
                        WHERE state = 'queued' AND asked_at <= @Now AND name = (SELECT name FROM runs WHERE id = @Id)
                            AND kind = (SELECT kind FROM runs WHERE id = @Id)
                        """,
                        new { Id = runId, Now = now, Note = $"dropped by {by}, who stopped the run {runId}" });
                }

                return asked > 0;
            },
            cancel);
        Wake();
        return isAsked;
    }

    /// <summary>Drops a request that waits. Gives false when it does not.</summary>
    public async Task<bool> DropAsync(string requestId, string by, CancellationToken cancel) => await control.ExecuteAsync(
        "UPDATE run_requests SET state = 'dropped', note = @Note WHERE id = @Id AND state = 'queued'",
        new { Id = requestId, Note = $"dropped by {by}" },
        cancel) > 0;

    /// <summary>What waits, in the order in which it is tried.</summary>
    public Task<IReadOnlyList<RequestRow>> WaitingAsync(CancellationToken cancel) => control.ListAsync<RequestRow>(
        $"SELECT {RequestRow.Columns} FROM run_requests WHERE state = 'queued' ORDER BY not_before, id", null, cancel);
}
