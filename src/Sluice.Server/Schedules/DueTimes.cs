using System.Globalization;
using Sluice.Server.Auth;
using Sluice.Server.Control;
using Sluice.Server.Runs;
using Sluice.Settings.Pipelines;

namespace Sluice.Server.Schedules;

/// <summary>
/// Settles due times: each leaves exactly one line that says what became of it, written in one transaction with the run request that it leads to.
/// Settling twice, on two nodes or after a crash, changes nothing.
/// </summary>
internal sealed class DueTimes(ControlDatabase control)
{
    // A due time that is found this much later was missed: a server that is up looks every few seconds.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    /// <summary>Settles all times of a schedule up to now; gives the id of the request that was put into the queue, if any.</summary>
    /// <param name="target">What is due.</param>
    /// <param name="schedule">When.</param>
    /// <param name="now">The time.</param>
    /// <param name="awake">Since when a server has been up without a gap.</param>
    /// <param name="asleep">Since when none was before that; null when that is not known.</param>
    /// <param name="cancel">Stops it.</param>
    public Task<string?> SettleAsync(
        RunTarget target, PipelineSchedule schedule, DateTimeOffset now, DateTimeOffset awake, DateTimeOffset? asleep, CancellationToken cancel) =>
        control.ChangeAsync(
            async change =>
            {
                if (await BeginAsync(change, target, schedule, now) is not { } settled)
                {
                    return null;
                }

                var due = schedule.Upcoming(settled).TakeWhile(time => time <= now).ToList();
                if (due.Count == 0)
                {
                    return null;
                }

                var lines = await LinesAsync(change, target, schedule, due, now, new Outage(asleep, awake));
                await change.ExecuteAsync(
                    """
                    INSERT INTO due_times (name, due_at, outcome, note, request_id, recorded_at)
                    VALUES (@Name, @DueAt, @Outcome, @Note, @RequestId, @Now)
                    ON CONFLICT (name, due_at) DO NOTHING
                    """,
                    lines.ConvertAll(line =>
                        new { Name = Key(target), line.DueAt, line.Outcome, line.Note, line.RequestId, Now = ControlTime.Of(now) }));
                await change.ExecuteAsync(
                    "UPDATE schedules SET settled_until = @Now WHERE name = @Name", new { Name = Key(target), Now = ControlTime.Of(due[^1]) });
                return lines.Find(line => line.RequestId is not null)?.RequestId;
            },
            cancel);

    /// <summary>The key of what is due: a sync and a push may have one name.</summary>
    public static string Key(RunTarget target) => target.Kind == RunKind.Push ? $"push {target.Name}" : target.Name;

    // Gives since when nothing has been settled; null when the schedule is new or another one: it holds from now on, never for the past.
    private static async Task<DateTimeOffset?> BeginAsync(ControlChange change, RunTarget target, PipelineSchedule schedule, DateTimeOffset now)
    {
        var name = Key(target);
        var expression = $"{schedule.Cron} {schedule.TimeZone}";
        var known = await change.FindAsync<ScheduleRow>(
            $"SELECT expression AS Expression, settled_until AS SettledUntil FROM schedules WHERE name = @Name{change.ForUpdate}",
            new { Name = name });
        if (known?.Expression == expression)
        {
            return ControlTime.Read(known.SettledUntil);
        }

        await change.ExecuteAsync(
            """
            INSERT INTO schedules (name, expression, settled_until, changed_at) VALUES (@Name, @Expression, @Now, @Now)
            ON CONFLICT (name) DO UPDATE SET expression = @Expression, settled_until = @Now, changed_at = @Now
            """,
            new { Name = name, Expression = expression, Now = ControlTime.Of(now) });
        if (known is not null)
        {
            await AuditTrail.RecordAsync(
                change,
                now,
                "the pipeline",
                "changed the schedule",
                target.ToString(),
                $"from {known.Expression} to {expression}; it holds from now on");
        }

        return null;
    }

    private static async Task<List<DueLine>> LinesAsync(
        ControlChange change, RunTarget target, PipelineSchedule schedule, List<DateTimeOffset> due, DateTimeOffset now, Outage outage)
    {
        var pause = await change.FindAsync<PauseRow>(
            "SELECT note AS Note, paused_by AS PausedBy, paused_at AS PausedAt FROM pauses WHERE name = @Name", new { Name = Key(target) });
        if (pause is not null)
        {
            return due.ConvertAll(time => DueLine.Of(time, DueOutcome.Skipped, pause.Words));
        }

        var late = due.Where(time => now - time > Grace).ToList();
        var chosen = due.Count > late.Count ? due[^1]
            : schedule.Missed == MissedRuns.Once && now - late[^1] <= schedule.MissedLimit ? late[^1]
            : (DateTimeOffset?)null;
        var lines = due.Where(time => time != chosen).Select(time => Missed(time, schedule, chosen, now, outage)).ToList();
        if (chosen is { } one)
        {
            lines.Add(await RunAsync(change, target, schedule, one, now, isLate: now - one > Grace, outage));
        }

        return lines;
    }

    private static DueLine Missed(DateTimeOffset due, PipelineSchedule schedule, DateTimeOffset? chosen, DateTimeOffset now, Outage outage)
    {
        var why = chosen is { } one ? $"made up for by the run that was due at {Time(one)}"
            : schedule.Missed == MissedRuns.None ? "not made up for (missed: none)"
            : now - due > schedule.MissedLimit ? "too old to be made up for (missed_limit)"
            : "not made up for";
        return DueLine.Of(due, DueOutcome.Missed, $"{outage.At(due)}; {why}");
    }

    private static async Task<DueLine> RunAsync(
        ControlChange change, RunTarget target, PipelineSchedule schedule, DateTimeOffset due, DateTimeOffset now, bool isLate, Outage outage)
    {
        var kind = RunWords.Of(target.Kind);
        var running = await change.FindAsync<string>(
            "SELECT id FROM runs WHERE name = @Name AND kind = @Kind AND state = 'running' LIMIT 1", new { target.Name, Kind = kind });
        var waiting = await change.FindAsync<string>(
            "SELECT id FROM run_requests WHERE name = @Name AND kind = @Kind AND state = 'queued' AND reason <> 'retry' LIMIT 1",
            new { target.Name, Kind = kind });
        if (waiting is not null)
        {
            return DueLine.Of(due, DueOutcome.Skipped, "a run is waiting already, and stands for this one too");
        }

        if (running is not null && schedule.Overlap == Overlap.Skip)
        {
            return DueLine.Of(due, DueOutcome.Skipped, $"the run {running} is still at work");
        }

        var id = await RunQueue.AddAsync(change, new RunRequest
        {
            Id = ControlTime.NewId(now),
            Target = target,
            Reason = isLate ? RunReason.CatchUp : RunReason.Schedule,
            DueAt = due,
            AskedAt = now,
            AskedBy = "schedule",
            NotBefore = now,
        });
        var note = isLate ? $"{outage.At(due)}; run at {Time(now)} instead" : running is null ? null : $"waits for the end of the run {running}";
        return DueLine.Of(due, DueOutcome.Ran, note) with { RequestId = id };
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    // When no server was up, as far as that is known.
    private sealed record Outage(DateTimeOffset? From, DateTimeOffset Until)
    {
        /// <summary>Why nothing was begun at a time: also while a server was up, a file with mistakes has no schedules.</summary>
        public string At(DateTimeOffset due) => due < Until ? Words : "the pipeline could not be read at that time";

        public string Words => From is { } from ? $"no server was up from {Time(from)} to {Time(Until)}" : $"no server was up before {Time(Until)}";
    }

    private sealed record ScheduleRow
    {
        public string Expression { get; init; } = "";

        public long SettledUntil { get; init; }
    }

    private sealed record PauseRow
    {
        public string? Note { get; init; }

        public string PausedBy { get; init; } = "";

        public long PausedAt { get; init; }

        public string Words => $"paused by {PausedBy} since {Time(ControlTime.Read(PausedAt))}{(Note is { Length: > 0 } note ? $": {note}" : "")}";
    }
}

/// <summary>What became of a due time.</summary>
internal static class DueOutcome
{
    /// <summary>It was put into the queue.</summary>
    public const string Ran = "ran";

    /// <summary>It was let go by, for the reason in the note.</summary>
    public const string Skipped = "skipped";

    /// <summary>No server was up.</summary>
    public const string Missed = "missed";
}

/// <summary>The line of a due time.</summary>
internal sealed record DueLine
{
    public long DueAt { get; init; }

    public string Outcome { get; init; } = "";

    public string? Note { get; init; }

    public string? RequestId { get; init; }

    public static DueLine Of(DateTimeOffset due, string outcome, string? note) =>
        new() { DueAt = ControlTime.Of(due), Outcome = outcome, Note = note };
}
