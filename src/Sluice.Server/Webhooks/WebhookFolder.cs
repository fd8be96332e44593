using Sluice.Destinations;
using Sluice.Engine.Runs;
using Sluice.Engine.Webhooks;
using Sluice.Server.Control;
using Sluice.Server.Pipelines;
using Sluice.Server.Runs;

namespace Sluice.Server.Webhooks;

/// <summary>Folds the events of a workspace into the destination of a sync, while no run of that sync is at work on any node.</summary>
internal sealed class WebhookFolder(EventInbox inbox, PipelineStore pipelines, ControlDatabase control, ServerOptions options, TimeProvider time)
{
    /// <summary>Folds all that waits.</summary>
    /// <returns>Events that were folded, and rows of messages that were written; nothing when somebody else is at work there.</returns>
    public async Task<(long Events, long Rows)> FoldAsync(WebhookWorkspace workspace, EventRoute route, CancellationToken cancel)
    {
        var (events, rows) = (0L, 0L);
        while (true)
        {
            var batch = await inbox.TakeAsync(workspace.Name, route.Key, options.Webhooks.MostInFold, options.Webhooks.MostBytesInFold, cancel);
            if (batch.Count == 0 || await FoldAsync(workspace, route, batch, cancel) is not { } report)
            {
                return (events, rows);
            }

            var done = new FoldedEvents(
                workspace.Name, batch, report.DraftsAlone.ToHashSet(StringComparer.Ordinal), route.Key, [.. workspace.Routes.Select(one => one.Key)]);
            await inbox.DoneAsync(done, CancellationToken.None);
            events += batch.Count;
            rows += report.Messages?.Loaded ?? 0;
        }
    }

    private async Task<FoldReport?> FoldAsync(
        WebhookWorkspace workspace, EventRoute route, IReadOnlyList<WaitingEvent> batch, CancellationToken cancel)
    {
        var sync = await pipelines.RequireSyncAsync(route.Sync, cancel);
        await using var lease = await WorkLease.TakeAsync(control, SyncJob.LeasesOf(sync), "fold", options.Node, time, cancel);
        if (lease is null)
        {
            return null;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, lease.Lost);
        var request = sync.Request with { PairId = SyncJob.PairOf(sync) };
        WorkFolder.Prepare(request.WorkFolder);
        using var alone = RunLocks.Take(request, SyncJob.PairsOf(sync), time);
        await using var destination = await DestinationRegistry.OpenAsync(sync.Uri!, stop.Token);
        var messages = WebhookWorkspaces.MessagesOf(sync, workspace.Name);
        var target = new FoldTarget
        {
            Workspace = workspace.Name,
            Request = request,
            Schema = route.Schema,
            Messages = messages is not null && FoldTarget.Takes(messages) ? messages : null,
            Masks = workspace.Masks,
        };
        return await new EventFold(destination, target, time).RunAsync(
            [.. batch.Select(one => one.Event)], await inbox.DraftsAsync(workspace.Name, cancel), stop.Token);
    }
}
