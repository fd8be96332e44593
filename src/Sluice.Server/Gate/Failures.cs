using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sluice.Engine;
using Sluice.Server.Auth;

namespace Sluice.Server.Gate;

/// <summary>
/// Turns exceptions into answers: what the sender can put right with its advice, and everything else without a word of it, for an exception's text
/// may hold what was sent. With --debug every request is told, without query and body.
/// </summary>
internal static class Failures
{
    public static void UseFailures(this IApplicationBuilder app)
    {
        var log = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("Sluice.Server.Requests");
        var time = app.ApplicationServices.GetRequiredService<TimeProvider>();
        app.Use(async (http, next) =>
        {
            var start = time.GetTimestamp();
            try
            {
                await next(http);
                if (http.Response is { StatusCode: StatusCodes.Status400BadRequest, HasStarted: false, ContentType: null })
                {
                    await UnreadableAsync(http, StatusCodes.Status400BadRequest);
                }
            }
            catch (Exception error) when (!http.Response.HasStarted)
            {
                await TellAsync(http, error, log);
            }

            log.LogDebug(
                "{Method} {Path} → {Status} in {Milliseconds:0} ms for {Who}",
                http.Request.Method,
                http.Request.Path.Value,
                http.Response.StatusCode,
                time.GetElapsedTime(start).TotalMilliseconds,
                Visitor.NameOf(http.User));
        });
    }

    private static Task UnreadableAsync(HttpContext http, int status) =>
        Refusal.WriteAsync(http, status, "The request can't be read.", "The documentation shows what it takes.");

    private static async Task TellAsync(HttpContext http, Exception error, ILogger log)
    {
        switch (error)
        {
            case OperationCanceledException when http.RequestAborted.IsCancellationRequested:
                // Nobody waits for an answer.
                http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
                break;
            case SluiceException { Kind: SluiceErrorKind.Config } known:
                await Refusal.WriteAsync(http, StatusCodes.Status400BadRequest, known.Message, known.Hint);
                break;
            case BadHttpRequestException bad:
                await UnreadableAsync(http, bad.StatusCode);
                break;
            default:
                log.LogError(error, "{Method} {Path} failed: {Error}", http.Request.Method, http.Request.Path.Value, error.GetType().Name);
                await Refusal.WriteAsync(
                    http, StatusCodes.Status500InternalServerError, "Something went wrong that was not foreseen.", "The server's log tells more.");
                break;
        }
    }
}
