using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Engine;
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
        reading.MapGet("/syncs", ListSyncsAsync).AddEndpointFilter(RequirePipelineAsync);
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
        reading.AddEndpointFilter(RequirePipelineAsync);
        operating.AddEndpointFilter(RequirePipelineAsync);
        reading.MapGet("", (string name, Overview overview, CancellationToken cancel) => FindSyncAsync(new RunTarget(name, kind), overview, cancel));
        operating.MapPost("/run", (string name, HttpContext http, Overview overview, RunQueue queue, CancellationToken cancel) =>
            RunAsync(new RunTarget(name, kind), http, overview, queue, cancel));
        operating.MapPost("/pause", (string name, string? note, HttpContext http, Overview overview, Pauses pauses, CancellationToken cancel) =>
            PauseAsync(new RunTarget(name, kind), note, http, overview, pauses, cancel));
        operating.MapPost("/resume", (string name, Overview overview, Pauses pauses, CancellationToken cancel) =>
            ResumeAsync(new RunTarget(name, kind), overview, pauses, cancel));
    }

    // Of a pipeline that can't be read nobody knows which syncs there are: that is no list without any.
    private static async ValueTask<object?> RequirePipelineAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var overview = call.HttpContext.RequestServices.GetRequiredService<Overview>();
        return await overview.UnreadableAsync(call.HttpContext.RequestAborted) is { } error
            ? Results.Json(
                new ApiProblem(error.Message, error.Hint), ApiJson.Default.ApiProblem, statusCode: StatusCodes.Status503ServiceUnavailable)
            : await next(call);
    }

    private static async Task<IResult> ListSyncsAsync(Overview overview, CancellationToken cancel) =>
        Json(await overview.WithDaysAsync(await overview.ListAsync(cancel), cancel));

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

        var choices = await ChoicesAsync(http.Request, cancel);
        await overview.RequireChoicesAsync(target, choices, cancel);
        var reason = Visitor.IsToken(http.User) ? RunReason.Api : RunReason.Manual;
        var id = await queue.AskAsync(target, reason, Visitor.NameOf(http.User), choices, cancel);
        return Results.Json(new AskedRun(id), ApiJson.Default.AskedRun, statusCode: StatusCodes.Status202Accepted);
    }

    // Whatever the header says of its type, as curl -d calls everything a form. A misspelt key would run what nobody has asked for.
    private static async Task<RunChoices> ChoicesAsync(HttpRequest request, CancellationToken cancel)
    {
        using var reader = new StreamReader(request.Body);
        var text = await reader.ReadToEndAsync(cancel);
        try
        {
            return string.IsNullOrWhiteSpace(text)
                ? RunChoices.None
                : JsonSerializer.Deserialize(text, RunBodyJson.Default.RunChoices) ?? RunChoices.None;
        }
        catch (JsonException error)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"The body is not what a run takes{(error.Path is { Length: > 2 } path ? $", from {path} on" : "")}.",
                """It is JSON such as {"tables": ["campaigns"], "full_refresh": true, "since": "2026-01-01T00:00:00Z"}, or empty.""",
                error);
        }
    }

    private static async Task<IResult> PauseAsync(
        RunTarget target, string? note, HttpContext http, Overview overview, Pauses pauses, CancellationToken cancel)
    {
        if (await overview.FindAsync(target, cancel) is null)
        {
            return NotFound(target);
        }

        await pauses.BeginAsync(target, Visitor.NameOf(http.User), note, cancel);
        return Results.NoContent();
    }

    private static async Task<IResult> ResumeAsync(RunTarget target, Overview overview, Pauses pauses, CancellationToken cancel)
    {
        if (await overview.FindAsync(target, cancel) is null)
        {
            return NotFound(target);
        }

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
/// <param name="Hint">What to do; null when there is nothing more to say.</param>
internal sealed record ApiProblem(string Error, string? Hint = null);

/// <summary>A run that was asked for.</summary>
/// <param name="RequestId">The id of the request, which the run has too.</param>
internal sealed record AskedRun(string RequestId);

/// <summary>How the API writes JSON.</summary>
[JsonSerializable(typeof(ApiProblem))]
[JsonSerializable(typeof(AskedRun))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class ApiJson : JsonSerializerContext;

/// <summary>How the body of a request for a run is read.</summary>
[JsonSerializable(typeof(RunChoices))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
internal sealed partial class RunBodyJson : JsonSerializerContext;
