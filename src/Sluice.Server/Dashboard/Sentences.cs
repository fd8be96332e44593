using System.Globalization;
using Sluice.Engine;
using Sluice.Server.Runs;
using Sluice.Server.Status;

namespace Sluice.Server.Dashboard;

/// <summary>How it stands with a sync or a run, in words.</summary>
internal static class Sentences
{
    /// <summary>Where a run is.</summary>
    public static string Where(RunView run) => run.Position is not { } position
        ? "begins"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{position.Tables.Count(table => table.Stage == "done")} of {position.Tables.Count} tables, {position.Tables.Sum(table => table.Rows):N0} records");

    /// <summary>What a run has asked for.</summary>
    public static string Requests(RunPosition position) => string.Create(
        CultureInfo.InvariantCulture,
        $"{position.Requests:N0} requests, {position.RequestsPerSecond:0.0} a second, {position.BudgetUsed:P0} of the budget, waited {position.WaitedSeconds:N0} s in all.");

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
        $"{NumberFormat.Count(status.Days.Sum(day => day.Rows))} rows in 30 days, the most on a day {NumberFormat.Count(status.Days.Max(day => day.Rows))}";
}
