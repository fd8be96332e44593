using System.Globalization;
using Sluice.Server.Control;

namespace Sluice.Server.Runs;

/// <summary>The beginnings and ends of runs, each in one transaction with what it means for the queue and the leases.</summary>
internal sealed class RunStore(ControlDatabase control)
{
    // A run that takes its process down with it, again and again, must end some day.
    private const int MostDeaths = 3;

    private static readonly int[] MinutesToRetry = [1, 5, 25, 60];

    /// <summary>What waits and may be begun now, in the order in which it is tried: what was due goes before what somebody asked for.</summary>
    public Task<IReadOnlyList<RequestRow>> CandidatesAsync(CancellationToken cancel) => control.ChangeAsync(
        async change => await change.ListAsync<RequestRow>(
            $"""
            SELECT {RequestRow.Columns} FROM run_requests WHERE state = 'queued' AND not_before <= @Now
            ORDER BY CASE WHEN due_at IS NULL THEN 1 ELSE 0 END, not_before, id LIMIT 100
            """,
            new { Now = await change.NowAsync() }),
        cancel);

    /// <summary>Takes a request and its leases; null when another node was faster, or a lease is held.</summary>
    public Task<TakenRequest?> TakeAsync(
        RequestRow request, IReadOnlyList<string> leases, string runId, string node, CancellationToken cancel) => control.ChangeAsync(
        async change =>
        {
            var now = await change.NowAsync();
            var still = await change.FindAsync<string>(
                $"SELECT id FROM run_requests WHERE id = @Id AND state = 'queued' {change.ForUpdateSkipLocked}", request);
            if (still is null || await RunLeases.TakeAsync(change, leases, new LeaseHolder(node, runId), now) is not { } epoch)
            {
                return null;
            }

            var former = await change.FindAsync<string>(
                """
                SELECT id FROM (SELECT id, state FROM runs WHERE name = @Name AND kind = @Kind ORDER BY started_at DESC, id DESC LIMIT 1) latest
                WHERE state = 'interrupted'
                """,
                request);
            await change.ExecuteAsync("UPDATE run_requests SET state = 'taken' WHERE id = @Id", request);
            await change.ExecuteAsync(
                """
                INSERT INTO runs (id, request_id, name, kind, node, reason, attempt, due_at, started_at, state)
                VALUES (@RunId, @Id, @Name, @Kind, @Node, @Reason, @Attempt, @DueAt, @Now, 'running')
                """,
                new
                {
                    RunId = runId,
                    request.Id,
                    request.Name,
                    request.Kind,
                    Node = node,
                    request.Reason,
                    request.Attempt,
                    request.DueAt,
                    Now = now,
                });
            return new TakenRequest(epoch, former);
        },
        cancel);

    /// <summary>Makes a run heard of, with where it is; tells what it is to do.</summary>
    public Task<RunOrders> KeepAsync(LeaseHolder holder, IReadOnlyList<string> leases, string? progress, CancellationToken cancel) =>
        control.ChangeAsync(
        async change =>
        {
            if (!await RunLeases.KeepAsync(change, leases, holder, await change.NowAsync()))
            {
                return RunOrders.LeaseIsLost;
            }

            await change.ExecuteAsync("UPDATE runs SET progress = @Progress WHERE id = @Id", new { Id = holder.RunId, Progress = progress });
            var asked = await change.FindAsync<long?>("SELECT cancel_asked_at FROM runs WHERE id = @Id", new { Id = holder.RunId });
            return asked is null ? RunOrders.GoOn : RunOrders.Stop;
        },
        cancel);

    /// <summary>Writes down how a run ended, and gives its leases back. What another node has declared ended stays so.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="state">What became of it.</param>
    /// <param name="result">How it ended.</param>
    /// <param name="retries">How often it is tried again when it failed for a reason that may pass.</param>
    /// <param name="cancel">Stops it.</param>
    public Task<bool> EndAsync(string runId, string state, RunResult result, int retries, CancellationToken cancel) => control.ChangeAsync(
        async change =>
        {
            var now = await change.NowAsync();
            await RunLeases.ReleaseAsync(change, runId);
            var ended = await EndAsync(change, runId, state, result, now);
            if (ended && state == RunState.Interrupted)
            {
                await RequeueAsync(change, runId, now);
            }
            else if (ended && state == RunState.Failed && result.MayPass)
            {
                await RetryAsync(change, runId, retries, now);
            }

            return ended;
        },
        cancel);

    /// <summary>Ends runs whose node has not been heard of, and puts their requests back into the queue; gives their ids.</summary>
    /// <param name="node">The node that looks.</param>
    /// <param name="isStart">Whether it has only just been started, so that what looks as if it ran here is dead.</param>
    /// <param name="cancel">Stops it.</param>
    public Task<IReadOnlyList<string>> RecoverAsync(string node, bool isStart, CancellationToken cancel) => control.ChangeAsync(
        async change =>
        {
            var now = await change.NowAsync();
            var dead = await change.ListAsync<DeadRun>(
                """
                SELECT runs.id AS Id, runs.node AS Node, max(coalesce(leases.heartbeat_at, runs.started_at)) AS HeardAt,
                    min(runs.cancel_asked_at) AS CancelAskedAt
                FROM runs LEFT JOIN leases ON leases.run_id = runs.id WHERE runs.state = 'running' GROUP BY runs.id, runs.node
                HAVING (runs.node = @Node AND @IsStart = 1)
                    OR (runs.node <> @Node AND max(coalesce(leases.heartbeat_at, runs.started_at)) < @Before)
                """,
                new { Node = node, IsStart = isStart ? 1L : 0L, Before = now - (long)RunLeases.Patience.TotalMilliseconds });
            foreach (var run in dead)
            {
                await BuryAsync(change, run, now);
            }

            await FreeAsync(change, node, isStart, now);

            return (IReadOnlyList<string>)[.. dead.Select(run => run.Id)];
        },
        cancel);

    // What no run holds: a fold of webhooks whose node died in it.
    private static Task FreeAsync(ControlChange change, string node, bool isStart, long now) => change.ExecuteAsync(
        """
        UPDATE leases SET node = NULL, run_id = NULL, heartbeat_at = 0
        WHERE node IS NOT NULL AND ((node = @Node AND @IsStart = 1) OR (node <> @Node AND heartbeat_at < @Before))
            AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.id = leases.run_id AND runs.state = 'running')
        """,
        new { Node = node, IsStart = isStart ? 1L : 0L, Before = now - (long)RunLeases.Patience.TotalMilliseconds });

    private static async Task BuryAsync(ControlChange change, DeadRun run, long now)
    {
        await RunLeases.ReleaseAsync(change, run.Id);
        var heard = ControlTime.Read(run.HeardAt).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
        var deaths = await change.FindAsync<long>(
            "SELECT count(*) FROM runs WHERE request_id = (SELECT request_id FROM runs WHERE id = @Id) AND state = 'interrupted'", run);
        var isLast = deaths + 1 >= MostDeaths;
        var state = run.CancelAskedAt is not null ? RunState.Stopped : isLast ? RunState.Failed : RunState.Interrupted;
        var summary = $"The node {run.Node} stopped answering at {heard}."
            + (state == RunState.Failed ? $" That happened {MostDeaths} times to this run, which is not begun again by itself." : "");
        await EndAsync(change, run.Id, state, new RunResult(Engine.Runs.ExitCode.Cancelled, summary), now);
        if (state == RunState.Interrupted)
        {
            await RequeueAsync(change, run.Id, now);
        }
    }

    private static async Task<bool> EndAsync(ControlChange change, string runId, string state, RunResult result, long now)
    {
        var values = new
        {
            Id = runId,
            State = state,
            Now = now,
            ExitCode = (long)result.ExitCode,
            result.Summary,
            result.Report,
            result.Rows,
            result.Requests,
        };
        var ended = await change.ExecuteAsync(
            """
            UPDATE runs SET state = @State, ended_at = @Now, exit_code = @ExitCode, summary = @Summary, report = @Report, table_rows = @Rows,
                requests = @Requests, progress = NULL WHERE id = @Id AND state = 'running'
            """,
            values) > 0;
        if (ended)
        {
            await CountAsync(change, runId, state, result.Rows ?? 0, now);
        }

        return ended;
    }

    private static async Task CountAsync(ControlChange change, string runId, string state, long rows, long now)
    {
        var isGood = state == RunState.Done;
        var isBad = state is RunState.Failed or RunState.Partial;
        var values = new
        {
            Id = runId,
            Day = ControlTime.Read(now).UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            Failed = isBad ? 1L : 0L,
            Rows = rows,
            Success = isGood ? runId : null,
            FailingSince = isBad ? now : (long?)null,
            IsOver = isGood ? 1L : 0L,
        };
        await change.ExecuteAsync(
            """
            INSERT INTO run_days (name, kind, day, runs, failed, table_rows) SELECT name, kind, @Day, 1, @Failed, @Rows FROM runs WHERE id = @Id
            ON CONFLICT (name, kind, day) DO UPDATE SET runs = run_days.runs + 1, failed = run_days.failed + @Failed,
                table_rows = run_days.table_rows + @Rows
            """,
            values);
        await change.ExecuteAsync(
            """
            INSERT INTO run_lasts (name, kind, run_id, success_id, success_started_at, failing_since)
            SELECT name, kind, id, @Success, CASE WHEN @IsOver = 1 THEN started_at END, @FailingSince FROM runs WHERE id = @Id
            ON CONFLICT (name, kind) DO UPDATE SET run_id = excluded.run_id, success_id = coalesce(excluded.success_id, run_lasts.success_id),
                success_started_at = coalesce(excluded.success_started_at, run_lasts.success_started_at),
                failing_since = CASE WHEN @IsOver = 1 THEN NULL ELSE coalesce(run_lasts.failing_since, excluded.failing_since) END
            """,
            values);
    }

    private static Task RequeueAsync(ControlChange change, string runId, long now) => change.ExecuteAsync(
        "UPDATE run_requests SET state = 'queued', reason = 'resume', not_before = @Now WHERE id = (SELECT request_id FROM runs WHERE id = @Id)",
        new { Id = runId, Now = now });

    private static async Task RetryAsync(ControlChange change, string runId, int retries, long now)
    {
        var row = await change.FindAsync<RequestRow>(
            $"SELECT {RequestRow.Columns} FROM run_requests WHERE id = (SELECT request_id FROM runs WHERE id = @Id)", new { Id = runId });
        var request = row!.ToRequest();
        if (request.Attempt > retries)
        {
            return;
        }

        var wait = TimeSpan.FromMinutes(MinutesToRetry[Math.Min(request.Attempt, MinutesToRetry.Length) - 1]);
        var at = ControlTime.Read(now);
        await RunQueue.AddAsync(change, request with
        {
            Id = ControlTime.NewId(at),
            Reason = RunReason.Retry,
            AskedAt = at,
            Attempt = request.Attempt + 1,
            NotBefore = at + wait,
        });
    }

    private sealed record DeadRun
    {
        public string Id { get; init; } = "";

        public string Node { get; init; } = "";

        public long HeardAt { get; init; }

        public long? CancelAskedAt { get; init; }
    }
}

/// <summary>What a node needs to know of what it has taken.</summary>
/// <param name="Epoch">The epoch of its leases.</param>
/// <param name="FormerRunId">The run before it, when that was interrupted.</param>
internal sealed record TakenRequest(long Epoch, string? FormerRunId);

/// <summary>What a run that makes itself heard is told.</summary>
internal enum RunOrders
{
    /// <summary>To go on.</summary>
    GoOn,

    /// <summary>To stop, because somebody asked for it.</summary>
    Stop,

    /// <summary>To stop, because another node has taken over.</summary>
    LeaseIsLost,
}
