using System.Data.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sluice.Server.Auth;
using Sluice.Server.Control;
using Sluice.Server.Schedules;

namespace Sluice.Server.Health;

/// <summary>
/// What load balancers and supervisors ask: does it answer, and can it work? A word to everybody, the reasons to who has logged in.
/// </summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => "ok").AllowAnonymous();
        routes.MapGet("/readyz", async (HttpContext http, Readiness readiness, CancellationToken cancel) =>
        {
            var checks = await readiness.CheckAsync(cancel);
            var isReady = checks.All(check => check.Problem is null);
            var status = isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            return Visitor.RoleOf(http.User) is null
                ? Results.Text(isReady ? "ready" : "unready", statusCode: status)
                : Results.Json(checks, ServerJson.Options, statusCode: status);
        }).AllowAnonymous();
    }
}

/// <summary>Looks whether the server can do its work.</summary>
internal sealed class Readiness(ControlDatabase control, Scheduler scheduler, ServerOptions options)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    public async Task<IReadOnlyList<ReadinessCheck>> CheckAsync(CancellationToken cancel) =>
    [
        new("control database", await DatabaseAsync(cancel)),
        new("scheduler", Looked()),
        new("work folder", await FolderAsync(cancel)),
    ];

    private async Task<string?> DatabaseAsync(CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            await control.FindAsync<long>("SELECT count(*) FROM schema_version", null, patience.Token);
            return null;
        }
        catch (DbException error)
        {
            return $"It does not answer: {error.Message}";
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return "It does not answer.";
        }
    }

    private string? Looked() => scheduler.LookedAt is { } at && options.Time.GetUtcNow() - at <= Silence
        ? null
        : $"It has not looked for what is due since "
            + $"{scheduler.LookedAt?.ToString("u", System.Globalization.CultureInfo.InvariantCulture) ?? "the start"}.";

    private async Task<string?> FolderAsync(CancellationToken cancel)
    {
        var file = Path.Combine(options.WorkFolder, $"readyz-{Guid.NewGuid():N}");
        try
        {
            await File.WriteAllBytesAsync(file, new byte[1], cancel);
            File.Delete(file);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"Nothing can be written into {options.WorkFolder}: {error.Message}";
        }
    }
}

/// <summary>Something that must be right.</summary>
/// <param name="Name">What.</param>
/// <param name="Problem">What is wrong with it, or null.</param>
internal sealed record ReadinessCheck(string Name, string? Problem);
