using Sluice.Engine.Load;
using Sluice.Engine.Runs;
using Sluice.Engine.Webhooks;
using Sluice.Server.Pipelines;
using Sluice.Settings.Pipelines;

namespace Sluice.Server.Webhooks;

/// <summary>
/// The workspaces of the pipeline as webhooks need them: keys, masks, and where events go. What the file says now counts within a second.
/// </summary>
internal sealed class WebhookWorkspaces(PipelineStore pipelines, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _gate = new(1);
    private volatile Snapshot? _last;

    /// <summary>Whether there may be more than were read, because the pipeline has mistakes.</summary>
    public bool MayLackSome => _last is { Served.File.ValidationErrors.Count: > 0 };

    /// <summary>All workspaces of syncs, by name.</summary>
    public async ValueTask<IReadOnlyDictionary<string, WebhookWorkspace>> ReadAsync(CancellationToken cancel)
    {
        if (_last is { } last && time.GetElapsedTime(last.ReadAt) < Look)
        {
            return last.Workspaces;
        }

        await _gate.WaitAsync(cancel);
        try
        {
            if (_last is { } other && time.GetElapsedTime(other.ReadAt) < Look)
            {
                return other.Workspaces;
            }

            var served = await pipelines.ReadAsync(cancel);
            var workspaces = _last is { } known && ReferenceEquals(known.Served, served) ? known.Workspaces : Of(served.File);
            _last = new Snapshot(served, workspaces, time.GetTimestamp());
            return workspaces;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    /// <summary>The workspaces of a file.</summary>
    internal static IReadOnlyDictionary<string, WebhookWorkspace> Of(PipelineFile file) => file.Syncs
        .SelectMany(sync => sync.Workspaces)
        .DistinctBy(workspace => workspace.Name, StringComparer.Ordinal)
        .ToDictionary(workspace => workspace.Name, workspace => Of(workspace, file), StringComparer.Ordinal);

    private static WebhookWorkspace Of(PipelineWorkspace workspace, PipelineFile file)
    {
        var syncs = file.Syncs.Where(sync => sync.Workspaces.Any(one => one.Name == workspace.Name)).ToList();
        var reading = syncs.Where(sync => MessagesOf(sync, workspace.Name) is not null).ToList();
        var takers = reading.Count > 0 ? reading : syncs;
        var masks = takers.SelectMany(sync => MessagesOf(sync, workspace.Name) is { } job ? [job] : sync.Request.Tables)
            .Select(job => job.Settings.Masks);
        return new WebhookWorkspace
        {
            Name = workspace.Name,
            Key = workspace.Source?.Client.WebhookSigningKey,
            Masks = EventMasking.Of(masks),
            Routes = [.. takers.Select(sync => RouteOf(sync, workspace.Name)).DistinctBy(route => route.Key, StringComparer.Ordinal)],
        };
    }

    private static EventRoute RouteOf(PipelineSync sync, string workspace)
    {
        var messages = MessagesOf(sync, workspace);
        var schema = (messages ?? sync.Request.Tables.FirstOrDefault(job => job.IsReadFrom(workspace)))?.Schema ?? LoadTarget.DefaultSchema;
        return new EventRoute(sync.Name, $"{sync.Destination.Identity}/{schema}", schema)
        {
            WhyNoMessages = messages is null ? "the sync does not read messages"
                : FoldTarget.Takes(messages) ? null
                : $"{messages.Place} is not merged by the delivery alone, so events are kept in {EventColumns.Table} and not folded into it",
        };
    }

    /// <summary>The table of messages that a sync reads from a workspace.</summary>
    internal static TableJob? MessagesOf(PipelineSync sync, string workspace) =>
        sync.Request.Tables.FirstOrDefault(job => job.Source.Resource == "messages" && job.IsReadFrom(workspace));

    private sealed record Snapshot(ServedPipeline Served, IReadOnlyDictionary<string, WebhookWorkspace> Workspaces, long ReadAt);
}

/// <summary>A workspace as webhooks need it.</summary>
internal sealed record WebhookWorkspace
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The signing key; null when it is not known yet.</summary>
    public required string? Key { get; init; }

    /// <summary>What is hidden in events.</summary>
    public required EventMasking Masks { get; init; }

    /// <summary>Where events go.</summary>
    public required IReadOnlyList<EventRoute> Routes { get; init; }
}

/// <summary>A sync whose destination takes the events of a workspace.</summary>
/// <param name="Sync">The sync's name.</param>
/// <param name="Key">The destination and the schema in it: what tells in the inbox who has an event.</param>
/// <param name="Schema">The schema.</param>
internal sealed record EventRoute(string Sync, string Key, string Schema)
{
    /// <summary>Why events are in their own table alone; null when they are folded into messages.</summary>
    public string? WhyNoMessages { get; init; }
}
