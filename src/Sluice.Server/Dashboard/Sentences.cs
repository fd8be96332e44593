using System.Globalization;
using Sluice.Engine;
using Sluice.Server.Runs;
using Sluice.Server.Status;
using Sluice.Settings.Pipelines;

namespace Sluice.Server.Dashboard;

/// <summary>How it stands with a sync or a run, in words.</summary>
internal static class Sentences
{
    /// <summary>Where a run is.</summary>
    public static string Where(RunView run) => run.Position is not { } position
        ? "begins"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{position.Tables.Count(table => table.Stage == "done")} of {position.Tables.Count} tables, "
                + $"{position.Tables.Sum(table => table.Rows):N0} records");

    /// <summary>What a run has asked for.</summary>
    public static string Requests(RunPosition position) => string.Create(
        CultureInfo.InvariantCulture,
        $"{position.Requests:N0} requests, {position.RequestsPerSecond:0.0} a second, {position.BudgetUsed:P0} of the budget, "
            + $"waited {position.WaitedSeconds:N0} s in all.");

    /// <summary>Why it does not stand well; null when it does.</summary>
    public static string? Why(SyncStatus status) => status switch
    {
        { Problem: { } problem } => problem,
        { FailingSince: { } since } => $"since {Times.Plain(since, status.Schedule?.TimeZone, since)}",
        { Pause: { } pause } => $"by {pause.By}{(pause.Note is { Length: > 0 } note ? $": {note}" : "")}",
        { LateSince: { } due } => $"due {Times.Plain(due, status.Schedule?.TimeZone, due)}",
        _ => null,
    };

    /// <summary>What the bars of a sync say together.</summary>
    public static string Days(SyncStatus status) =>
        $"{NumberFormat.Count(status.Days.Sum(day => day.Rows))} rows in 30 days, "
            + $"the most on a day {NumberFormat.Count(status.Days.Max(day => day.Rows))}";

    /// <summary>How it stands with a sync, in a sentence.</summary>
    public static string Of(SyncStatus status, DateTimeOffset now)
    {
        var zone = status.Schedule?.TimeZone;
        var data = status.DataAsOf is { } asOf ? $"The data is as of {Times.Full(asOf, zone, now)}." : "No run has been complete yet.";
        return status switch
        {
            { Problem: { } problem } => problem,
            { Running: { } running } => $"A run is at work: {Where(running)}. {data}",
            { FailingSince: { } since } => $"Runs have not been complete since {Times.Full(since, zone, now)}. {data}",
            { Pause: { } pause } => $"Paused by {pause.By} since {Times.Full(pause.At, zone, now)}"
                + $"{(pause.Note is { Length: > 0 } note ? $": {note}" : "")}. {data}",
            { LateSince: { } due } => $"It was due at {Times.Full(due, zone, now)}, and that has not been done. {data}",
            _ => data,
        };
    }

    /// <summary>What becomes of due times that can't be kept, in words.</summary>
    public static string Rules(PipelineSchedule schedule) =>
        $"A time at which the run before it is still at work is {(schedule.Overlap == Overlap.Skip ? "skipped" : "queued")}. "
            + (schedule.Missed == MissedRuns.None
                ? "Times that are missed are not made up for."
                : $"Times that are missed are made up for by one run, when the last of them is not older than {Times.Span(schedule.MissedLimit)}.")
            + " A run that fails for a reason that may pass is tried "
            + $"{(schedule.Retries == 0 ? "only once" : $"up to {NumberFormat.Count(schedule.Retries)} times more")}.";
}
