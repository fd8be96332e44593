using Microsoft.Extensions.Hosting;
using Sluice.Engine;

namespace Sluice.Server.Webhooks;

/// <summary>
/// Folds what waits in the inbox into the destinations: every half minute, or as soon as much waits, each time under the lease of the sync.
/// </summary>
internal sealed class FoldLoop(
    EventInbox inbox,
    InboxLimits limits,
    WebhookWorkspaces workspaces,
    WebhookFolder folder,
    WebhookStatus status,
    ServerOptions options,
    TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, DateTimeOffset> _notBefore = new(StringComparer.Ordinal);

    /// <summary>Folds what is due; gives how many events were folded.</summary>
    /// <param name="everything">Whether all that waits is due.</param>
    /// <param name="cancel">Stops between two folds.</param>
    public async Task<long> FoldDueAsync(bool everything, CancellationToken cancel)
    {
        var depths = await inbox.DepthsAsync(cancel);
        limits.Waiting(depths.Sum(depth => depth.Events));
        var known = depths.Count == 0 ? null : await workspaces.ReadAsync(cancel);
        var folded = 0L;
        foreach (var depth in depths.Where(depth => everything || IsDue(depth)))
        {
            // Of a workspace that is not in the file any more, events wait: it may come back.
            if (known!.TryGetValue(depth.Workspace, out var workspace))
            {
                foreach (var route in workspace.Routes)
                {
                    folded += await FoldAsync(workspace, route, everything, cancel);
                }
            }
        }

        return folded;
    }

    /// <summary>Makes the inbox before anything begins.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await inbox.PrepareAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var looked = time.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Look, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested || (limits.TakeAdded() == 0 && time.GetElapsedTime(looked) < LookAnyway))
            {
                continue;
            }

            looked = time.GetTimestamp();
            await LookAsync(stoppingToken);
        }
    }

    // Whatever went wrong, events wait and it is tried again.
    private async Task LookAsync(CancellationToken cancel)
    {
        try
        {
            await FoldDueAsync(everything: false, cancel);
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            status.Fold(new FoldStatus("", "", time.GetUtcNow(), 0, 0, $"{error.GetType().Name}: {error.Message}"));
        }
        catch (OperationCanceledException)
        {
            // The server stops; what was not committed is folded after the next start.
        }
    }

    private bool IsDue(InboxDepth depth) =>
        depth.Events >= options.Webhooks.FoldAt || time.GetUtcNow() - depth.Oldest >= options.Webhooks.FoldEvery;

    private async Task<long> FoldAsync(WebhookWorkspace workspace, EventRoute route, bool now, CancellationToken cancel)
    {
        var key = $"{workspace.Name}\n{route.Key}";
        if (!now && _notBefore.GetValueOrDefault(key) > time.GetUtcNow())
        {
            return 0;
        }

        try
        {
            var (events, rows) = await folder.FoldAsync(workspace, route, cancel);
            if (events > 0)
            {
                status.Fold(new FoldStatus(workspace.Name, route.Sync, time.GetUtcNow(), events, rows, null));
            }

            return events;
        }
        catch (SluiceException error) when (error.Kind != SluiceErrorKind.Cancelled)
        {
            _notBefore[key] = time.GetUtcNow() + options.Webhooks.FoldEvery;
            status.Fold(new FoldStatus(workspace.Name, route.Sync, time.GetUtcNow(), 0, 0, $"{error.Message} {error.Hint}".TrimEnd()));
            return 0;
        }
    }
}
