using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sluice.Server.Auth;
using Sluice.Server.Runs;
using Sluice.Server.Schedules;
using Sluice.Server.Status;

namespace Sluice.Server.Api;

/// <summary>The JSON beside the pages on syncs and runs.</summary>
internal static class RunEndpoints
{
    public static IEndpointRouteBuilder MapRuns(this IEndpointRouteBuilder routes)
    {
        var reading = routes.MapGroup("/api").RequireAuthorization(Access.Reader);
        reading.MapGet("/syncs", ListSyncsAsync);
        reading.MapGet("/runs", ListRunsAsync);
        reading.MapGet("/runs/{id}", FindRunAsync);
        reading.MapGet("/runs/{id}/report", ReportAsync);
        reading.MapGet("/runs/{id}/log", LogAsync);
        var operating = routes.MapGroup("/api").RequireAuthorization(Access.Operator);
        operating.MapPost("/runs/{id}/cancel", CancelAsync);
        MapTargets(reading.MapGroup("/syncs/{name}"), operating.MapGroup("/syncs/{name}"), RunKind.Sync);
        MapTargets(reading.MapGroup("/pushes/{name}"), operating.MapGroup("/pushes/{name}"), RunKind.Push);
        return routes;
    }

    private static void MapTargets(RouteGroupBuilder reading, RouteGroupBuilder operating, RunKind kind)
    {
        reading.MapGet("", (string name, Overview overview, CancellationToken cancel) => FindSyncAsync(new RunTarget(name, kind), overview, cancel));
        operating.MapPost("/run", (string name, HttpContext http, Overview overview, RunQueue queue, CancellationToken cancel) =>
            RunAsync(new RunTarget(name, kind), http, overview, queue, cancel));
        operating.MapPost("/pause", (string name, string? note, HttpContext http, Pauses pauses, CancellationToken cancel) =>
            PauseAsync(new RunTarget(name, kind), note, http, pauses, cancel));
        operating.MapPost("/resume", (string name, Pauses pauses, CancellationToken cancel) =>
            ResumeAsync(new RunTarget(name, kind), pauses, cancel));
    }

    private static async Task<IResult> ListSyncsAsync(Overview overview, CancellationToken cancel) => Json(await overview.ListAsync(cancel));

    private static async Task<IResult> FindSyncAsync(RunTarget target, Overview overview, CancellationToken cancel) =>
        await overview.FindAsync(target, cancel) is { } found ? Json(found) : NotFound(target);

    private static async Task<IResult> ListRunsAsync(RunHistory history, string? name, string? kind, string? before, CancellationToken cancel) =>
        Json(await history.ListAsync(name is null ? null : new RunTarget(name, RunWords.Kind(kind ?? "sync")), before, cancel));

    private static async Task<IResult> FindRunAsync(string id, RunHistory history, CancellationToken cancel) =>
        await history.FindAsync(id, cancel) is { } run ? Json(run) : NotFound($"There is no run '{id}'.");

    private static async Task<IResult> ReportAsync(string id, RunHistory history, CancellationToken cancel) =>
        await history.ReportAsync(id, cancel) is { } report ? Results.Text(report, "application/json") : NotFound($"The run '{id}' has no report.");

    // As a file on disk, however long it is; ids come from the database, never from a path.
    private static async Task<IResult> LogAsync(string id, RunHistory history, ServerOptions options, CancellationToken cancel) =>
        await history.FindAsync(id, cancel) is { } run && RunLog.PathOf(options.WorkFolder, run.Id) is var path && File.Exists(path)
            ? Results.Stream(
                new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), "application/x-ndjson", $"{run.Id}.log.ndjson")
            : NotFound($"This node has no log of the run '{id}'.");

    private static async Task<IResult> RunAsync(
        RunTarget target, HttpContext http, Overview overview, RunQueue queue, CancellationToken cancel)
    {
        if (await overview.FindAsync(target, cancel) is null)
        {
            return NotFound(target);
        }

        var choices = http.Request.ContentLength is > 0
            ? await http.Request.ReadFromJsonAsync(RunJson.Default.RunChoices, cancel) ?? RunChoices.None
            : RunChoices.None;
        var reason = Visitor.IsToken(http.User) ? RunReason.Api : RunReason.Manual;
        var id = await queue.AskAsync(target, reason, Visitor.NameOf(http.User), choices, cancel);
        return Results.Json(new AskedRun(id), ApiJson.Default.AskedRun, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> PauseAsync(RunTarget target, string? note, HttpContext http, Pauses pauses, CancellationToken cancel)
    {
        await pauses.BeginAsync(target, Visitor.NameOf(http.User), note, cancel);
        return Results.NoContent();
    }

    private static async Task<IResult> ResumeAsync(RunTarget target, Pauses pauses, CancellationToken cancel)
    {
        await pauses.EndAsync(target, cancel);
        return Results.NoContent();
    }

    private static async Task<IResult> CancelAsync(string id, HttpContext http, RunQueue queue, CancellationToken cancel)
    {
        var by = Visitor.NameOf(http.User);
        return await queue.CancelAsync(id, by, cancel) || await queue.DropAsync(id, by, cancel)
            ? Results.Accepted()
            : NotFound($"There is no run or request '{id}' that could be stopped.");
    }

    private static IResult Json<T>(T value) => Results.Json(value, ServerJson.Options);

    private static IResult NotFound(RunTarget target) => NotFound($"There is no {RunWords.Of(target.Kind)} '{target.Name}'.");

    private static IResult NotFound(string problem) =>
        Results.Json(new ApiProblem(problem), ApiJson.Default.ApiProblem, statusCode: StatusCodes.Status404NotFound);
}

/// <summary>What went wrong.</summary>
/// <param name="Error">In a sentence.</param>
internal sealed record ApiProblem(string Error);

/// <summary>A run that was asked for.</summary>
/// <param name="RequestId">The id of the request, which the run has too.</param>
internal sealed record AskedRun(string RequestId);

/// <summary>How the API writes JSON.</summary>
[JsonSerializable(typeof(ApiProblem))]
[JsonSerializable(typeof(AskedRun))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class ApiJson : JsonSerializerContext;
