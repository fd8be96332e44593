using System.Text.Json;
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
        reading.MapGet("/{kind:regex(^(sync|push)$)}s/{name}", FindSyncAsync);
        reading.MapGet("/runs", ListRunsAsync);
        reading.MapGet("/runs/{id}", FindRunAsync);
        reading.MapGet("/runs/{id}/report", ReportAsync);
        reading.MapGet("/runs/{id}/log", LogAsync);
        var operating = routes.MapGroup("/api").RequireAuthorization(Access.Operator);
        operating.MapPost("/{kind:regex(^(sync|push)$)}s/{name}/run", RunAsync);
        operating.MapPost("/{kind:regex(^(sync|push)$)}s/{name}/pause", PauseAsync);
        operating.MapPost("/{kind:regex(^(sync|push)$)}s/{name}/resume", ResumeAsync);
        operating.MapPost("/runs/{id}/cancel", CancelAsync);
        return routes;
    }

    private static async Task<IResult> ListSyncsAsync(Overview overview, CancellationToken cancel) => Json(await overview.ListAsync(cancel));

    private static async Task<IResult> FindSyncAsync(string kind, string name, Overview overview, CancellationToken cancel) =>
        await overview.FindAsync(new RunTarget(name, RunWords.Kind(kind)), cancel) is { } found ? Json(found) : NotFound($"There is no {kind} '{name}'.");

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
        string kind, string name, HttpContext http, Overview overview, RunQueue queue, CancellationToken cancel)
    {
        var target = new RunTarget(name, RunWords.Kind(kind));
        if (await overview.FindAsync(target, cancel) is null)
        {
            return NotFound($"There is no {kind} '{name}'.");
        }

        var choices = http.Request.ContentLength is > 0
            ? await http.Request.ReadFromJsonAsync(RunJson.Default.RunChoices, cancel) ?? RunChoices.None
            : RunChoices.None;
        var id = await queue.AskAsync(target, Visitor.IsToken(http.User) ? RunReason.Api : RunReason.Manual, Visitor.NameOf(http.User), choices, cancel);
        return Results.Json(new AskedRun(id), ApiJson.Default.AskedRun, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> PauseAsync(string kind, string name, string? note, HttpContext http, Pauses pauses, CancellationToken cancel)
    {
        await pauses.BeginAsync(new RunTarget(name, RunWords.Kind(kind)), Visitor.NameOf(http.User), note, cancel);
        return Results.NoContent();
    }

    private static async Task<IResult> ResumeAsync(string kind, string name, Pauses pauses, CancellationToken cancel)
    {
        await pauses.EndAsync(new RunTarget(name, RunWords.Kind(kind)), cancel);
        return Results.NoContent();
    }

    private static async Task<IResult> CancelAsync(string id, HttpContext http, RunQueue queue, CancellationToken cancel)
    {
        var by = Visitor.NameOf(http.User);
        return await queue.CancelAsync(id, by, cancel) || await queue.DropAsync(id, by, cancel)
            ? Results.Accepted()
            : NotFound($"There is no run or request '{id}' that could be stopped.");
    }

    private static IResult Json<T>(T value) => Results.Json(value, ApiJson.Readable);

    private static IResult NotFound(string problem) => Results.Json(new ApiProblem(problem), ApiJson.Default.ApiProblem, statusCode: StatusCodes.Status404NotFound);
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
internal sealed partial class ApiJson : JsonSerializerContext
{
    public static JsonSerializerOptions Readable { get; } = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };
}
