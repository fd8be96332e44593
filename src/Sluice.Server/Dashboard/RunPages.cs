using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sluice.Engine.Runs;
using Sluice.Server.Auth;
using Sluice.Server.Dashboard.Pages;
using Sluice.Server.Runs;
using Sluice.Server.Status;

namespace Sluice.Server.Dashboard;

/// <summary>The list of runs, and the page of a run.</summary>
internal static class RunPages
{
    public static void MapRunPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/runs", ListAsync).RequireAuthorization(Access.Reader);
        routes.MapGet("/runs/{id}", ShowAsync).RequireAuthorization(Access.Reader);
        routes.MapPost("/runs/{id}/cancel", CancelAsync).RequireAuthorization(Access.Operator);
    }

    public static string PathOf(string runId) => $"/runs/{Uri.EscapeDataString(runId)}";

    /// <summary>The stream of what happens in a run after what the page shows.</summary>
    public static string EventsOf(string runId, LogTail? log) =>
        string.Create(CultureInfo.InvariantCulture, $"{PathOf(runId)}/events?from={log?.End ?? 0}");

    /// <summary>The list of runs: all, or those of a sync or push, from a page on.</summary>
    public static string ListPath(RunTarget? target, string? before = null)
    {
        var query = new QueryString();
        query = target is null ? query : query.Add("kind", RunWords.Of(target.Kind)).Add("name", target.Name);
        query = before is null ? query : query.Add("before", before);
        return $"/runs{query}";
    }

    private static async Task<IResult> ListAsync(
        RunHistory history, RunQueue queue, RunWatcher watcher, string? name, string? kind, string? before, CancellationToken cancel)
    {
        var target = name is null ? null : new RunTarget(name, RunWords.Kind(kind ?? "sync"));
        var runs = await history.ListAsync(target, before, cancel);
        var waiting = before is null ? await queue.WaitingAsync(cancel) : [];
        return DashboardPage.Show<RunsPage>(new RunsModel(
            runs,
            [.. waiting.Where(request => target is null || request.ToRequest().Target == target)],
            target,
            before is null ? await watcher.PathAsync(cancel) : null));
    }

    private static async Task<IResult> ShowAsync(string id, RunHistory history, ServerOptions options, CancellationToken cancel)
    {
        if (await history.FindAsync(id, cancel) is not { } run)
        {
            return MissingPage.Show($"There is no run '{id}'.");
        }

        var report = Reports.Read(await history.ReportAsync(id, cancel));
        return DashboardPage.Show<RunPage>(new RunModel(run, report, await LogTail.ReadAsync(options.WorkFolder, run.Id, cancel)));
    }

    private static async Task<IResult> CancelAsync(string id, HttpContext http, RunQueue queue, AuditTrail trail, CancellationToken cancel)
    {
        var by = Visitor.NameOf(http.User);
        var isRun = await queue.CancelAsync(id, by, cancel);
        var isDropped = !isRun && await queue.DropAsync(id, by, cancel);
        if (isRun || isDropped)
        {
            await trail.RecordAsync(http, isRun ? "stop run" : "drop request", id, null, cancel);
        }

        return Went.To(isRun ? PathOf(id) : "/runs", isRun ? Notices.Stopping : isDropped ? Notices.Dropped : Notices.Ended);
    }
}

/// <summary>What the list of runs shows.</summary>
/// <param name="Runs">The runs of the page.</param>
/// <param name="Waiting">What waits.</param>
/// <param name="Target">The sync or push that is shown alone, or null.</param>
/// <param name="Events">Where what happens is streamed from; null on later pages.</param>
internal sealed record RunsModel(IReadOnlyList<RunView> Runs, IReadOnlyList<RequestRow> Waiting, RunTarget? Target, string? Events)
{
    /// <summary>Whether there are pages before it.</summary>
    public bool IsLater => Events is null;
}

/// <summary>What the page of a run shows.</summary>
/// <param name="Run">The run.</param>
/// <param name="Report">What it did, when it has ended and told.</param>
/// <param name="Log">The end of its log, if this node has it.</param>
internal sealed record RunModel(RunView Run, RunReport? Report, LogTail? Log);

/// <summary>The way back after a form.</summary>
internal static class Went
{
    /// <summary>To a page, which says what was done.</summary>
    public static IResult To(string path, string notice) =>
        new SeeOther($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}done={notice}");
}
