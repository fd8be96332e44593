using Sluice.Engine;
using Sluice.Settings.Pipelines;

namespace Sluice.Cli.Commands;

/// <summary>A destination of the pipeline file and the workspace that is read into it, as commands that are about one of each need them.</summary>
/// <param name="Name">What it was found by, for messages.</param>
/// <param name="Destination">The destination; null when a workspace alone was named, or the file has several.</param>
/// <param name="Workspace">The workspace; null when the file has several that it could be.</param>
internal sealed record PipelinePlace(string Name, PipelineDestination? Destination, PipelineWorkspace? Workspace)
{
    /// <summary>The schema of the tables; null when the file does not say.</summary>
    public string? Schema { get; init; }

    /// <summary>The names of the file's destinations.</summary>
    public IReadOnlyList<string> Destinations { get; init; } = [];

    /// <summary>Finds what a name stands for, or without one the only places there are; null without a file, or when it has no such name.</summary>
    public static PipelinePlace? Find(PipelineFileOption option, string? name, CommandRun run)
    {
        if (!option.IsThere(run))
        {
            return null;
        }

        var file = PipelineFileOption.Read(option.Name(run.Flags), run.Host, mayBeUnset: true);
        var place = name is null ? OnlyOne(file, option.Name(run.Flags)) : OfSync(file, name) ?? OfDestination(file, name) ?? OfWorkspace(file, name);
        return place is null ? null : place with { Destinations = [.. file.Destinations.Select(destination => destination.Name)] };
    }

    /// <summary>The address of the destination, or null when there is none or it can't be told, which is noted.</summary>
    public string? Address(ValidationErrors mistakes)
    {
        if (Destination is { Uri: null } unset)
        {
            mistakes.Add($"A variable in the address of the destination {unset.Name} is not set.", "'sluice validate' says which.");
        }

        return Destination?.Uri;
    }

    private static PipelinePlace OnlyOne(PipelineFile file, string name)
    {
        var destination = file.Destinations is [var single] ? single : null;
        var workspace = file.Workspaces is [var only] ? only : null;
        var syncs = file.Syncs.Where(sync => sync.Destination == destination);
        return new PipelinePlace(name, destination, workspace) { Schema = SchemaOf(syncs, destination) };
    }

    private static PipelinePlace? OfSync(PipelineFile file, string name) =>
        file.Syncs.FirstOrDefault(sync => sync.Name == name) is { } sync
            ? new PipelinePlace(name, sync.Destination, sync.Workspaces is [var only] ? only : null) { Schema = SchemaOf([sync], sync.Destination) }
            : null;

    private static PipelinePlace? OfDestination(PipelineFile file, string name)
    {
        if (file.Destinations.FirstOrDefault(one => one.Name == name) is not { } destination)
        {
            return null;
        }

        var syncs = file.Syncs.Where(sync => sync.Destination.Name == name).ToList();
        var workspaces = syncs.SelectMany(sync => sync.Workspaces).DistinctBy(workspace => workspace.Name, StringComparer.Ordinal).ToList();
        return new PipelinePlace(name, destination, workspaces is [var only] ? only : null) { Schema = SchemaOf(syncs, destination) };
    }

    private static PipelinePlace? OfWorkspace(PipelineFile file, string name) =>
        file.Workspaces.FirstOrDefault(workspace => workspace.Name == name) is { } workspace ? new PipelinePlace(name, null, workspace) : null;

    // Tables can have schemas of their own: then --dest-schema says which one is meant.
    private static string? SchemaOf(IEnumerable<PipelineSync> syncs, PipelineDestination? destination) =>
        syncs.SelectMany(sync => sync.Request.Tables).Select(table => table.Schema).Distinct(StringComparer.Ordinal).ToList() is [var only]
            ? only
            : destination?.Schema;
}
