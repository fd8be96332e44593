using System.Globalization;
using Sluice.Engine;
using Sluice.Server.Control;
using Sluice.Server.Pipelines;
using Sluice.Server.Runs;
using Sluice.Server.Schedules;
using Sluice.Settings.Pipelines;

namespace Sluice.Server.Status;

/// <summary>How it stands with all syncs and pushes: what the first page shows. Reads a few rows for each, never the runs.</summary>
internal sealed class Overview(PipelineStore pipelines, Scheduler scheduler, ControlDatabase control, TimeProvider time)
{
    private const int Days = 30;

    // What was due is given this long to be done before it counts as late, or half of the time until it is due again.
    private static readonly TimeSpan Allowance = TimeSpan.FromHours(1);

    /// <summary>All of them without their days, in the order of the pipeline: syncs first.</summary>
    public async Task<IReadOnlyList<SyncStatus>> ListAsync(CancellationToken cancel)
    {
        var file = (await pipelines.ReadAsync(cancel)).File;
        var facts = await FactsAsync(null, cancel);
        var syncs = file.SyncNames.Select(name => Of(name, file.Syncs.FirstOrDefault(sync => sync.Name == name), facts));
        var pushes = file.PushNames.Select(name => Of(name, file.Pushes.FirstOrDefault(push => push.Name == name), facts));
        return [.. syncs, .. pushes];
    }

    /// <summary>The same with the rows of their last 30 days, of which there are many: only what is shown is worth them.</summary>
    public async Task<IReadOnlyList<SyncStatus>> WithDaysAsync(IReadOnlyList<SyncStatus> shown, CancellationToken cancel)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var rows = shown.Count == 0 ? [] : await control.ListAsync<DayRow>(
            """
            SELECT name AS Name, kind AS Kind, day AS Day, runs AS Runs, failed AS Failed, table_rows AS Rows FROM run_days
            WHERE day > @From AND name IN @Names
            """,
            new { From = Text(today.AddDays(-Days)), Names = shown.Select(one => one.Name).Distinct().ToList() },
            cancel);
        var days = rows.ToLookup(row => (row.Name, row.Kind), row => new DayCount(Date(row.Day), row.Runs, row.Failed, row.Rows));
        return [.. shown.Select(one => one with { Days = Filled(days[(one.Name, one.Kind)], today) })];
    }

    /// <summary>One of them with its days, or null when the pipeline has none of the name.</summary>
    public async Task<SyncStatus?> FindAsync(RunTarget target, CancellationToken cancel)
    {
        var file = (await pipelines.ReadAsync(cancel)).File;
        var names = target.Kind == RunKind.Sync ? file.SyncNames : file.PushNames;
        if (!names.Contains(target.Name, StringComparer.Ordinal))
        {
            return null;
        }

        var facts = await FactsAsync(target, cancel);
        var status = target.Kind == RunKind.Sync
            ? Of(target.Name, file.Syncs.FirstOrDefault(sync => sync.Name == target.Name), facts)
            : Of(target.Name, file.Pushes.FirstOrDefault(push => push.Name == target.Name), facts);
        return (await WithDaysAsync([status], cancel))[0];
    }

    /// <summary>Why nobody knows which syncs there are: the pipeline file can't be read; null when it can, or when there is none.</summary>
    public async Task<SluiceException?> UnreadableAsync(CancellationToken cancel)
    {
        try
        {
            return await pipelines.ReadAsync(cancel)
                is { Path: not null, File: { SyncNames: [], PushNames: [], TwoWayNames: [], ValidationErrors: [var first, ..] } }
                    ? new SluiceException(SluiceErrorKind.Config, $"The pipeline can't be read: {first}", first.Fix)
                    : null;
        }
        catch (SluiceException error) when (error.Kind == SluiceErrorKind.Config)
        {
            return error;
        }
    }

    /// <summary>Sees that a run that is asked for names what there is: whoever asks hears of it, not the report of a run.</summary>
    /// <exception cref="SluiceException">It does not (kind Config).</exception>
    public async Task RequireChoicesAsync(RunTarget target, RunChoices choices, CancellationToken cancel)
    {
        var file = (await pipelines.ReadAsync(cancel)).File;
        if (target.Kind == RunKind.Sync && file.Syncs.FirstOrDefault(sync => sync.Name == target.Name) is { } sync)
        {
            ChosenSync.Of(sync, choices, new ValidationErrors());
        }
    }

    private SyncStatus Of(string name, PipelineSync? sync, Facts facts) => Of(
        new RunTarget(name, RunKind.Sync),
        sync is null ? null : (string.Join(", ", sync.Workspaces.Select(one => one.Name)), sync.Destination.Name, sync.Schedule),
        facts);

    private SyncStatus Of(string name, PipelinePush? push, Facts facts) => Of(
        new RunTarget(name, RunKind.Push),
        push is null ? null : (push.From?.Name ?? push.File!, $"{push.Workspace.Name}, {push.Into}", push.Schedule),
        facts);

    private SyncStatus Of(RunTarget target, (string From, string Into, PipelineSchedule? Schedule)? known, Facts facts)
    {
        var key = (target.Name, RunWords.Of(target.Kind));
        var now = time.GetUtcNow();
        var last = facts.Lasts.GetValueOrDefault(key);
        var schedule = known?.Schedule;
        var late = LateSince(schedule, last?.SuccessStartedAt, facts.FirstSeen(target), now);
        var status = new SyncStatus
        {
            Name = target.Name,
            Kind = key.Item2,
            Freshness = Freshness.New,
            From = known?.From ?? "",
            Into = known?.Into ?? "",
            Schedule = schedule,
            Next = schedule?.Next(now),
            LateSince = late,
            FailingSince = ControlTime.Read(last?.FailingSince),
            Running = facts.Running.GetValueOrDefault(key) is { } running ? RunView.Of(running) : null,
            Last = last?.RunId is { } id && facts.LastRuns.GetValueOrDefault(id) is { } row ? RunView.Of(row) : null,
            DataAsOf = ControlTime.Read(last?.SuccessStartedAt),
            Pause = facts.Pauses.GetValueOrDefault(DueTimes.Key(target)),
            Problem = known is null ? "The pipeline file has mistakes here: 'sluice validate' names them."
                : scheduler.Problems.GetValueOrDefault(DueTimes.Key(target)),
        };
        return status with { Freshness = Judge(status, isWaiting: facts.Waiting.Contains(key), isReadable: known is not null) };
    }

    private static Freshness Judge(SyncStatus status, bool isWaiting, bool isReadable) =>
        status.Running is not null ? Freshness.Running
        : !isReadable ? Freshness.Broken
        : status.FailingSince is not null ? Freshness.Failing
        : status.Pause is not null ? Freshness.Paused
        : status.LateSince is not null ? Freshness.Late
        : isWaiting ? Freshness.Queued
        : status.DataAsOf is null ? Freshness.New
        : Freshness.Fresh;

    // The first time that was due after the data's, when it is long enough ago.
    private static DateTimeOffset? LateSince(PipelineSchedule? schedule, long? successAt, DateTimeOffset? since, DateTimeOffset now)
    {
        if ((ControlTime.Read(successAt) ?? since) is not { } from || schedule?.Next(from) is not { } due)
        {
            return null;
        }

        var half = schedule.Next(due) is { } following ? (following - due) / 2 : Allowance;
        return now - due > (half < Allowance ? half : Allowance) ? due : null;
    }

    private static List<DayCount> Filled(IEnumerable<DayCount> days, DateOnly today)
    {
        var known = days.ToDictionary(day => day.Day);
        var all = Enumerable.Range(0, Days).Select(ago => today.AddDays(ago - Days + 1));
        return [.. all.Select(day => known.GetValueOrDefault(day) ?? new DayCount(day, 0, 0, 0))];
    }

    // Of one of them, or of all.
    private async Task<Facts> FactsAsync(RunTarget? target, CancellationToken cancel)
    {
        var (only, values) = target is null
            ? ("1 = 1", new OfTarget("", ""))
            : ("name = @Name AND kind = @Kind", new OfTarget(target.Name, RunWords.Of(target.Kind)));
        var lasts = await control.ListAsync<LastRow>(
            $"""
            SELECT name AS Name, kind AS Kind, run_id AS RunId, success_started_at AS SuccessStartedAt, failing_since AS FailingSince
            FROM run_lasts WHERE {only}
            """, values, cancel);
        var rows = await control.ListAsync<RunRow>(
            $"SELECT {RunRow.Columns} FROM runs WHERE state = 'running' OR id IN (SELECT run_id FROM run_lasts WHERE {only})", values, cancel);
        return new Facts
        {
            Lasts = lasts.ToDictionary(row => (row.Name, row.Kind)),
            LastRuns = rows.ToDictionary(row => row.Id, StringComparer.Ordinal),
            Running = rows.Where(row => row.State == RunState.Running)
                .GroupBy(row => (row.Name, row.Kind)).ToDictionary(group => group.Key, group => group.First()),
            Waiting = [.. await control.ListAsync<(string, string)>("SELECT name, kind FROM run_requests WHERE state = 'queued'", null, cancel)],
            Pauses = (await control.ListAsync<PauseRow>(
                "SELECT name AS Name, note AS Note, paused_by AS PausedBy, paused_at AS PausedAt FROM pauses", null, cancel))
                .ToDictionary(row => row.Name, row => new Pause(row.PausedBy, ControlTime.Read(row.PausedAt), row.Note), StringComparer.Ordinal),
            Seen = (await control.ListAsync<(string Name, long ChangedAt)>("SELECT name, changed_at FROM schedules", null, cancel))
                .ToDictionary(row => row.Name, row => row.ChangedAt, StringComparer.Ordinal),
        };
    }

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly Date(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private sealed record OfTarget(string Name, string Kind);

    private sealed record Facts
    {
        public required IReadOnlyDictionary<(string, string), LastRow> Lasts { get; init; }

        public required IReadOnlyDictionary<string, RunRow> LastRuns { get; init; }

        public required IReadOnlyDictionary<(string, string), RunRow> Running { get; init; }

        public required HashSet<(string, string)> Waiting { get; init; }

        public required IReadOnlyDictionary<string, Pause> Pauses { get; init; }

        public required IReadOnlyDictionary<string, long> Seen { get; init; }

        /// <summary>Since when the schedule is as it is: nothing was due before.</summary>
        public DateTimeOffset? FirstSeen(RunTarget target) =>
            Seen.TryGetValue(DueTimes.Key(target), out var at) ? ControlTime.Read(at) : null;
    }

    private sealed record LastRow
    {
        public string Name { get; init; } = "";

        public string Kind { get; init; } = "";

        public string? RunId { get; init; }

        public long? SuccessStartedAt { get; init; }

        public long? FailingSince { get; init; }
    }

    private sealed record DayRow
    {
        public string Name { get; init; } = "";

        public string Kind { get; init; } = "";

        public string Day { get; init; } = "";

        public long Runs { get; init; }

        public long Failed { get; init; }

        public long Rows { get; init; }
    }

    private sealed record PauseRow
    {
        public string Name { get; init; } = "";

        public string? Note { get; init; }

        public string PausedBy { get; init; } = "";

        public long PausedAt { get; init; }
    }
}
