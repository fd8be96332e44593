using Sluice.Server.Checks;
using Sluice.Server.Pipelines;
using Sluice.Settings.Pipelines;

namespace Sluice.Server.Dashboard.Places;

/// <summary>Reads the workspaces and destinations that the pipeline uses.</summary>
internal sealed class PlaceReader(PipelineStore pipelines)
{
    /// <summary>What is found of a place whose variables are not set.</summary>
    public static Finding Unset { get; } = new(
        "settings", "A variable that it needs is not set, or the pipeline has mistakes there: 'sluice validate' names them.")
    {
        Error = new Engine.SluiceException(Engine.SluiceErrorKind.Config, "A variable that it needs is not set."),
    };

    public async Task<IReadOnlyList<DestinationPlace>> DestinationsAsync(CancellationToken cancel)
    {
        var file = (await pipelines.ReadAsync(cancel)).File;
        return
        [
            .. file.Syncs.Select(sync => (sync.Destination, sync.Name, Section: PipelineSection.Syncs))
                .Concat(file.Pushes.Where(push => push.From is not null)
                    .Select(push => (Destination: push.From!, push.Name, Section: PipelineSection.Pushes)))
                .GroupBy(one => one.Destination.Name, StringComparer.Ordinal)
                .Select(group => new DestinationPlace(group.First().Destination, [.. group.Select(one => one.Name)], group.First().Section)),
        ];
    }

    public async Task<IReadOnlyList<WorkspacePlace>> WorkspacesAsync(CancellationToken cancel)
    {
        var file = (await pipelines.ReadAsync(cancel)).File;
        return
        [
            .. file.Syncs.SelectMany(sync => sync.Workspaces.Select(workspace => (Workspace: workspace, sync.Name, Section: PipelineSection.Syncs)))
                .Concat(file.Pushes.Select(push => (push.Workspace, push.Name, Section: PipelineSection.Pushes)))
                .GroupBy(one => one.Workspace.Name, StringComparer.Ordinal)
                .Select(group => new WorkspacePlace(group.First().Workspace, [.. group.Select(one => one.Name)], group.First().Section)),
        ];
    }

    /// <summary>The address of a destination with its password; null when a variable is not set.</summary>
    public async Task<string?> AddressAsync(DestinationPlace place, CancellationToken cancel)
    {
        var file = await pipelines.ReadForAsync(place.UsedBy[0], place.Section, cancel);
        return place.Section == PipelineSection.Syncs
            ? file.Syncs.FirstOrDefault(sync => sync.Name == place.UsedBy[0])?.Destination.Uri
            : file.Pushes.FirstOrDefault(push => push.Name == place.UsedBy[0])?.From?.Uri;
    }

    /// <summary>A workspace with its keys; null when it is gone.</summary>
    public async Task<PipelineWorkspace?> KeyedAsync(WorkspacePlace place, CancellationToken cancel)
    {
        var file = await pipelines.ReadForAsync(place.UsedBy[0], place.Section, cancel);
        return file.Syncs.SelectMany(sync => sync.Workspaces).Concat(file.Pushes.Select(push => push.Workspace))
            .FirstOrDefault(workspace => workspace.Name == place.Workspace.Name && workspace.Source is not null);
    }
}

/// <summary>A destination and what uses it.</summary>
/// <param name="Destination">The destination.</param>
/// <param name="UsedBy">The names of syncs and pushes.</param>
/// <param name="Section">Where the first of them stands.</param>
internal sealed record DestinationPlace(PipelineDestination Destination, IReadOnlyList<string> UsedBy, PipelineSection Section)
{
    /// <summary>The kind of destination, as its address begins.</summary>
    public string Kind => Destination.Uri is { } uri && uri.IndexOf("://", StringComparison.Ordinal) is > 0 and var end ? uri[..end] : "not set";
}

/// <summary>A workspace and what uses it.</summary>
/// <param name="Workspace">The workspace.</param>
/// <param name="UsedBy">The names of syncs and pushes.</param>
/// <param name="Section">Where the first of them stands.</param>
internal sealed record WorkspacePlace(PipelineWorkspace Workspace, IReadOnlyList<string> UsedBy, PipelineSection Section);
