using System.Globalization;
using System.Text.Json;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Server.Control;
using Sluice.Server.Runs;
using Sluice.Server.Schedules;

namespace Sluice.Server.Status;

/// <summary>What happened to a sync or push, in one line of time: runs, due times without one, what people did, and what changed in its
/// tables.</summary>
internal sealed class Timeline(ControlDatabase control, RunHistory history)
{
    /// <summary>A page of it, the latest first.</summary>
    /// <param name="target">Of what.</param>
    /// <param name="before">Only what was before this run, by its id; null for the latest.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<IReadOnlyList<TimelineEntry>> ReadAsync(RunTarget target, string? before, CancellationToken cancel)
    {
        var runs = await history.ListAsync(target, before, cancel);
        var from = runs.Count == RunHistory.PageSize ? runs[^1].StartedAt : DateTimeOffset.UnixEpoch;
        var until = before is not null && await history.FindAsync(before, cancel) is { } end ? end.StartedAt : DateTimeOffset.MaxValue;
        var entries = new List<TimelineEntry>(runs.Select(OfRun));
        entries.AddRange(await DueTimesAsync(target, from, until, cancel));
        entries.AddRange(await DoneByPeopleAsync(target, from, until, cancel));
        entries.AddRange(await SchemaChangesAsync(runs, cancel));
        return [.. entries.OrderByDescending(entry => entry.At).ThenBy(entry => entry.Run is null)];
    }

    private static TimelineEntry OfRun(RunView run) => new(run.StartedAt, run.State, run.Summary ?? "at work", run);

    private async Task<IEnumerable<TimelineEntry>> DueTimesAsync(
        RunTarget target, DateTimeOffset from, DateTimeOffset until, CancellationToken cancel)
    {
        var lines = await control.ListAsync<DueLine>(
            """
            SELECT due_at AS DueAt, outcome AS Outcome, note AS Note FROM due_times
            WHERE name = @Name AND due_at >= @From AND due_at < @Until AND outcome <> 'ran' ORDER BY due_at DESC LIMIT 50
            """,
            new { Name = DueTimes.Key(target), From = ControlTime.Of(from), Until = ControlTime.Of(until) },
            cancel);
        return lines.Select(line => new TimelineEntry(ControlTime.Read(line.DueAt), line.Outcome, $"Due, and not run: {line.Note}", null));
    }

    private async Task<IEnumerable<TimelineEntry>> DoneByPeopleAsync(
        RunTarget target, DateTimeOffset from, DateTimeOffset until, CancellationToken cancel)
    {
        var entries = await control.ListAsync<ActRow>(
            """
            SELECT at AS At, who AS Who, action AS Action, detail AS Detail FROM audit_trail
            WHERE object = @Object AND at >= @From AND at < @Until ORDER BY at DESC LIMIT 50
            """,
            new { Object = target.ToString(), From = ControlTime.Of(from), Until = ControlTime.Of(until) },
            cancel);
        return entries.Select(act => new TimelineEntry(
            ControlTime.Read(act.At), "change", $"{act.Who}: {act.Action}{(act.Detail is { Length: > 0 } detail ? $", {detail}" : "")}", null));
    }

    // Few reports tell of one, and only those are read: a report can be long.
    private async Task<IEnumerable<TimelineEntry>> SchemaChangesAsync(IReadOnlyList<RunView> runs, CancellationToken cancel)
    {
        var reports = await control.ListAsync<string>(
            """
            SELECT report FROM runs WHERE id IN @Ids AND report LIKE '%"schema_changes":[{%'
            """,
            new { Ids = runs.Select(run => run.Id).Append("").ToArray() },
            cancel);
        return reports.Select(Reports.Read).OfType<RunReport>().Select(report => new TimelineEntry(report.EndedAt, "change", Words(report), null));
    }

    private static string Words(RunReport report)
    {
        var changes = report.Tables.SelectMany(table => table.SchemaChanges).ToList();
        var named = string.Join("; ", changes.Take(5).Select(change => $"{change.Table}.{change.Column}: {change.Change}"));
        return string.Create(
            CultureInfo.InvariantCulture, $"Columns changed: {named}{(changes.Count > 5 ? $" and {changes.Count - 5:N0} more" : "")}");
    }

    private sealed record ActRow
    {
        public long At { get; init; }

        public string Who { get; init; } = "";

        public string Action { get; init; } = "";

        public string? Detail { get; init; }
    }
}

/// <summary>Something that happened to a sync or push.</summary>
/// <param name="At">When.</param>
/// <param name="Word">The state of the run, skipped, missed, or change.</param>
/// <param name="Text">What, in words.</param>
/// <param name="Run">The run, if it was one.</param>
internal sealed record TimelineEntry(DateTimeOffset At, string Word, string Text, RunView? Run);

/// <summary>Reads reports of runs.</summary>
internal static class Reports
{
    /// <summary>The report, or null when another version of Sluice has written it in a way that can't be read.</summary>
    public static RunReport? Read(string? json)
    {
        try
        {
            return json is null ? null : JsonSerializer.Deserialize(json, ReportJson.Default.RunReport);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
