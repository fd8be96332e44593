using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sluice.Engine;
using Sluice.Server.Auth;
using Sluice.Server.Dashboard.Pages;
using Sluice.Server.Runs;
using Sluice.Server.Schedules;
using Sluice.Server.Status;
using Sluice.Settings;

namespace Sluice.Server.Dashboard;

/// <summary>What the buttons on the page of a sync or push do.</summary>
internal static class SyncActions
{
    public static void MapSyncActions(this IEndpointRouteBuilder routes)
    {
        foreach (var (path, kind) in SyncPages.Paths)
        {
            var one = routes.MapGroup(path);
            one.MapPost("/run", (string name, HttpContext http, ActionParts parts) => RunAsync(new RunTarget(name, kind), http, parts))
                .RequireAuthorization(Access.Operator);
            one.MapPost("/pause", (string name, HttpContext http, ActionParts parts) => PauseAsync(new RunTarget(name, kind), http, parts))
                .RequireAuthorization(Access.Operator);
            one.MapPost("/resume", (string name, HttpContext http, ActionParts parts) => ResumeAsync(new RunTarget(name, kind), http, parts))
                .RequireAuthorization(Access.Operator);
            one.MapPost("/schedule", (string name, HttpContext http, ScheduleChange change) => change.KeepAsync(new RunTarget(name, kind), http))
                .RequireAuthorization(Access.Admin);
        }

        var sync = routes.MapGroup("/syncs/{name}");
        sync.MapPost("/plan", PlanAsync).RequireAuthorization(Access.Operator);
        sync.MapPost("/reset", ResetAsync).RequireAuthorization(Access.Admin);
    }

    private static async Task<IResult> RunAsync(RunTarget target, HttpContext http, ActionParts parts)
    {
        var cancel = http.RequestAborted;
        var form = await http.Request.ReadFormAsync(cancel);
        if (await parts.Overview.FindAsync(target, cancel) is null)
        {
            return MissingPage.Show($"There is no {RunWords.Of(target.Kind)} '{target.Name}'.");
        }

        var mistakes = new ValidationErrors();
        var wanted = PlanForm.Read(form, mistakes);
        if (mistakes.Any)
        {
            return DashboardPage.Show<PlanPage>(new PlanModel(target.Name, wanted, null, Problem(mistakes)), StatusCodes.Status400BadRequest);
        }

        var choices = wanted.Choices;
        await parts.Queue.AskAsync(target, RunReason.Manual, Visitor.NameOf(http.User), choices, cancel);
        await parts.Trail.RecordAsync(http, "asked for a run", target.ToString(), PlanForm.Words(choices), cancel);
        return Went.To(SyncPages.PathOf(RunWords.Of(target.Kind), target.Name), Notices.Asked);
    }

    private static string Problem(ValidationErrors mistakes) =>
        string.Join(' ', mistakes.Found.Select(error => $"{error.Message} {error.Hint}".TrimEnd()));

    private static async Task<IResult> PauseAsync(RunTarget target, HttpContext http, ActionParts parts)
    {
        var cancel = http.RequestAborted;
        var note = (await http.Request.ReadFormAsync(cancel))["note"].ToString().Trim();
        if (await parts.Overview.FindAsync(target, cancel) is null)
        {
            return MissingPage.Show($"There is no {RunWords.Of(target.Kind)} '{target.Name}'.");
        }

        await parts.Pauses.BeginAsync(target, Visitor.NameOf(http.User), note.Length == 0 ? null : note, cancel);
        await parts.Trail.RecordAsync(http, "paused it", target.ToString(), note, cancel);
        return Went.To(SyncPages.PathOf(RunWords.Of(target.Kind), target.Name), Notices.Paused);
    }

    private static async Task<IResult> ResumeAsync(RunTarget target, HttpContext http, ActionParts parts)
    {
        await parts.Pauses.EndAsync(target, http.RequestAborted);
        await parts.Trail.RecordAsync(http, "resumed it", target.ToString(), null, http.RequestAborted);
        return Went.To(SyncPages.PathOf(RunWords.Of(target.Kind), target.Name), Notices.Resumed);
    }

    private static async Task<IResult> PlanAsync(string name, HttpContext http, SyncPlanner planner, CancellationToken cancel)
    {
        var mistakes = new ValidationErrors();
        var form = PlanForm.Read(await http.Request.ReadFormAsync(cancel), mistakes);
        if (form.Kind == PlanForm.Reset && !(Visitor.RoleOf(http.User) >= Role.Admin))
        {
            return Results.Forbid();
        }

        try
        {
            mistakes.ThrowIfAny();
            return DashboardPage.Show<PlanPage>(new PlanModel(name, form, await planner.PlanAsync(name, form.Choices, cancel), null));
        }
        catch (SluiceException error)
        {
            return DashboardPage.Show<PlanPage>(new PlanModel(name, form, null, $"{error.Message} {error.Hint}".TrimEnd()));
        }
    }

    private static async Task<IResult> ResetAsync(string name, HttpContext http, SyncPlanner planner, AuditTrail trail, CancellationToken cancel)
    {
        var form = await http.Request.ReadFormAsync(cancel);
        var reset = new PlanForm(PlanForm.Reset, RunChoices.None, null, null);
        if (form["typed"].ToString() != name)
        {
            var problem = $"Nothing was changed: the name that was typed is not '{name}'.";
            return DashboardPage.Show<PlanPage>(new PlanModel(name, reset, null, problem), StatusCodes.Status400BadRequest);
        }

        try
        {
            var forgotten = await planner.ResetAsync(name, cancel);
            await trail.RecordAsync(
                http, "reset its state", new RunTarget(name, RunKind.Sync).ToString(), $"{NumberFormat.Count(forgotten)} tables", cancel);
            return Went.To($"{SyncPages.PathOf("sync", name)}/tables", Notices.Forgotten);
        }
        catch (SluiceException error)
        {
            return DashboardPage.Show<PlanPage>(new PlanModel(name, reset, null, $"{error.Message} {error.Hint}".TrimEnd()));
        }
    }
}

/// <summary>What the buttons need.</summary>
internal sealed record ActionParts(Overview Overview, RunQueue Queue, Pauses Pauses, AuditTrail Trail);

/// <summary>What somebody wants to run besides what is due, as a form tells it.</summary>
/// <param name="Kind">full, backfill, reset, or nothing of these.</param>
/// <param name="Choices">What the run is to do.</param>
/// <param name="Since">The text of the beginning.</param>
/// <param name="Until">The text of the end.</param>
internal sealed record PlanForm(string Kind, RunChoices Choices, string? Since, string? Until)
{
    public const string Full = "full";
    public const string Backfill = "backfill";
    public const string Reset = "reset";

    public static PlanForm Read(IFormCollection form, ValidationErrors mistakes)
    {
        var (kind, since, until) = (form["kind"].ToString(), form["since"].ToString().Trim(), form["until"].ToString().Trim());
        var (from, to) = kind == Backfill ? (Instant("since", since, mistakes), Instant("until", until, mistakes)) : (null, null);
        if (kind == Backfill && from is null && to is null && !mistakes.Any)
        {
            mistakes.Add("A backfill needs a beginning or an end.", "As in since 2026-01-01.");
        }

        return new PlanForm(kind, new RunChoices { FullRefresh = kind is Full, Since = from, Until = to }, since, until);
    }

    /// <summary>What a run does besides, in words; null when nothing.</summary>
    public static string? Words(RunChoices choices) => choices switch
    {
        { FullRefresh: true } => "full refresh",
        { Since: null, Until: null } => null,
        _ => $"from {(choices.Since is { } since ? Times.Exact(since) : "the beginning")} "
            + $"to {(choices.Until is { } until ? Times.Exact(until) : "now")}",
    };

    private static DateTimeOffset? Instant(string name, string text, ValidationErrors mistakes) =>
        text.Length == 0 ? null : IntervalText.Instant(name, text, mistakes);
}
