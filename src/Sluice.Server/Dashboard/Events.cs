using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Sluice.Server.Auth;

namespace Sluice.Server.Dashboard;

/// <summary>
/// What happens, for pages that are open: numbers to put in places, lines to add to a log, and an end, at which a page is loaded anew because there
/// is more to show than numbers.
/// </summary>
internal static class Events
{
    public static void MapEvents(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/events", (string? seen, RunWatcher watcher, HttpContext http, IHostApplicationLifetime life) =>
            Stream(http, life, cancel => watcher.AllAsync(seen, cancel))).RequireAuthorization(Access.Reader);
        routes.MapGet("/runs/{id}/events", (string id, long? from, RunWatcher watcher, HttpContext http, IHostApplicationLifetime life) =>
            Stream(http, life, cancel => watcher.OneAsync(id, LastHeard(http) ?? from ?? 0, cancel))).RequireAuthorization(Access.Reader);
    }

    // A browser that has lost the stream for a moment says where it was.
    private static long? LastHeard(HttpContext http) =>
        long.TryParse(http.Request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : null;

    private static IResult Stream(
        HttpContext http, IHostApplicationLifetime life, Func<CancellationToken, IAsyncEnumerable<SseItem<string>>> read) =>
        TypedResults.ServerSentEvents(UntilAsync(read, http.RequestAborted, life.ApplicationStopping));

    // A server that stops waits for no page.
    private static async IAsyncEnumerable<SseItem<string>> UntilAsync(
        Func<CancellationToken, IAsyncEnumerable<SseItem<string>>> read, [EnumeratorCancellation] CancellationToken gone, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, stopping);
        await using var items = read(either.Token).GetAsyncEnumerator(either.Token);
        while (await NextAsync(items))
        {
            yield return items.Current;
        }
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<SseItem<string>> items)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
