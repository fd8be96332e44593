using Sluice.Engine;
using Sluice.Engine.Runs;

namespace Sluice.Settings.Pipelines;

/// <summary>A pipeline file, as far as it could be read.</summary>
public sealed record PipelineFile
{
    /// <summary>The syncs in the order of the file.</summary>
    public required IReadOnlyList<PipelineSync> Syncs { get; init; }

    /// <summary>The names of all syncs, those that could not be read among them.</summary>
    public required IReadOnlyList<string> SyncNames { get; init; }

    /// <summary>The pushes in the order of the file.</summary>
    public required IReadOnlyList<PipelinePush> Pushes { get; init; }

    /// <summary>The names of all pushes, those that could not be read among them.</summary>
    public required IReadOnlyList<string> PushNames { get; init; }

    /// <summary>What is kept the same on both sides, in the order of the file.</summary>
    public required IReadOnlyList<PipelineTwoWay> TwoWays { get; init; }

    /// <summary>The names of all of these, those that could not be read among them.</summary>
    public required IReadOnlyList<string> TwoWayNames { get; init; }

    /// <summary>Where a server tells how it stands, in the order of the file.</summary>
    public IReadOnlyList<PipelineChannel> Channels { get; init; } = [];

    /// <summary>All that is wrong, in the order of the file; with mistakes it is not to be run.</summary>
    public required IReadOnlyList<PipelineError> ValidationErrors { get; init; }

    /// <summary>What should be otherwise but does no harm to the run.</summary>
    public required IReadOnlyList<PipelineError> Warnings { get; init; }

    /// <summary>Names that the catalog does not know: a run asks the destination for them, and stops if it does not know them either.</summary>
    public required IReadOnlyList<PipelineError> Doubts { get; init; }

    /// <summary>The workspaces of all that could be read, each once.</summary>
    public IReadOnlyList<PipelineWorkspace> Workspaces =>
    [
        .. Syncs.SelectMany(sync => sync.Workspaces)
            .Concat(Pushes.Select(push => push.Workspace))
            .Concat(TwoWays.Select(one => one.Workspace))
            .DistinctBy(workspace => workspace.Name, StringComparer.Ordinal),
    ];

    /// <summary>The destinations of all that could be read, each once.</summary>
    public IReadOnlyList<PipelineDestination> Destinations =>
    [
        .. Syncs.Select(sync => sync.Destination)
            .Concat(Pushes.Select(push => push.From).OfType<PipelineDestination>())
            .Concat(TwoWays.Select(one => one.Database))
            .DistinctBy(destination => destination.Name, StringComparer.Ordinal),
    ];

    /// <summary>The names of syncs, destinations and workspaces.</summary>
    public IEnumerable<string> PlaceNames =>
        SyncNames.Concat(Destinations.Select(destination => destination.Name)).Concat(Workspaces.Select(workspace => workspace.Name));

    /// <summary>Finds what a workspace is read with, and notes why that can't be told.</summary>
    /// <param name="name">The workspace's name.</param>
    /// <param name="file">What the file is called in messages.</param>
    /// <param name="mistakes">Takes what is wrong.</param>
    public SourceAddress? FindWorkspace(string name, string file, ValidationErrors mistakes)
    {
        if (Workspaces.FirstOrDefault(workspace => workspace.Name == name) is { Source: { } source })
        {
            return source;
        }

        var names = Workspaces.Select(workspace => workspace.Name).ToList();
        mistakes.Add(
            names.Contains(name, StringComparer.Ordinal)
                ? $"The workspace {name} of {file} can't be asked: sluice validate says why."
                : $"{file} has no workspace {name}.",
            names.Count == 0 ? null : $"There are {string.Join(", ", names)}.");
        return null;
    }
}

/// <summary>The sections of a pipeline file that name what is to run.</summary>
public enum PipelineSection
{
    /// <summary>syncs: tables into a destination.</summary>
    Syncs,

    /// <summary>pushes: rows into Customer.io.</summary>
    Pushes,

    /// <summary>two_way: tables that are kept the same.</summary>
    TwoWay,
}

/// <summary>A destination of a pipeline.</summary>
/// <param name="Name">The name in the file.</param>
/// <param name="Uri">The address, which may hold a password; null when a variable is not set and nobody asked for it.</param>
/// <param name="Identity">What makes it the same destination, whatever it is called by.</param>
/// <param name="Schema">The schema for syncs that name none, or null.</param>
public sealed record PipelineDestination(string Name, string? Uri, string Identity, string? Schema)
{
    /// <summary>Whether its syncs make the models unless they say otherwise.</summary>
    public bool Models { get; init; }

    /// <summary>Gives the name alone, for the address may hold a password.</summary>
    public override string ToString() => Name;
}

/// <summary>A sync of a pipeline: tables of workspaces into one destination.</summary>
public sealed record PipelineSync
{
    /// <summary>The name in the file.</summary>
    public required string Name { get; init; }

    /// <summary>Where to.</summary>
    public required PipelineDestination Destination { get; init; }

    /// <summary>The workspaces.</summary>
    public required IReadOnlyList<PipelineWorkspace> Workspaces { get; init; }

    /// <summary>How the tables of several workspaces go together.</summary>
    public Combination Combine { get; init; }

    /// <summary>Whether rows tell which workspace they are of: where there are several, or where the file says how they go together.</summary>
    public bool IsOfNamedWorkspaces { get; init; }

    /// <summary>What is read and written; the name of its pair of workspaces and destination is left to who runs it.</summary>
    public required IngestRequest Request { get; init; }

    /// <summary>
    /// The address of the destination, with the columns to partition by in it; it may hold a password. Null when a variable is not set.
    /// </summary>
    public string? Uri { get; init; }

    /// <summary>When a scheduler is to run it, or null.</summary>
    public PipelineSchedule? Schedule { get; init; }
}

/// <summary>A table of a pipeline that is kept the same as a collection, or as the snippets.</summary>
public sealed record PipelineTwoWay
{
    /// <summary>The name in the file.</summary>
    public required string Name { get; init; }

    /// <summary>The workspace.</summary>
    public required PipelineWorkspace Workspace { get; init; }

    /// <summary>The database.</summary>
    public required PipelineDestination Database { get; init; }

    /// <summary>The table, with its schema or without.</summary>
    public required string Table { get; init; }

    /// <summary>The collection's name or id; null for snippets.</summary>
    public string? Collection { get; init; }

    /// <summary>The columns by which rows are paired.</summary>
    public required IReadOnlyList<string> Key { get; init; }

    /// <summary>The columns to keep the same; all of the table when it is empty.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>database, customerio or newest; null to list conflicts.</summary>
    public string? Prefer { get; init; }

    /// <summary>The column that says when a row was changed, or null.</summary>
    public string? ChangedAt { get; init; }

    /// <summary>Whether rows are deleted.</summary>
    public bool Deletes { get; init; }

    /// <summary>How many may be: a number, or one with a percent sign; null for the usual.</summary>
    public string? MostDeletes { get; init; }

    /// <summary>What is kept the same as what, in a line.</summary>
    public string Summary =>
        $"{Workspace.Name}, the table {Table} of {Database.Name} <-> {(Collection is { } name ? $"the collection {name}" : "the snippets")}";
}

/// <summary>A workspace of a pipeline.</summary>
/// <param name="Name">The name in the file.</param>
/// <param name="Source">What it is read with; null when a variable is not set and nobody asked for it.</param>
public sealed record PipelineWorkspace(string Name, SourceAddress? Source);

/// <summary>How the tables of several workspaces go together.</summary>
public enum Combination
{
    /// <summary>Rows of all workspaces stand in one table and have its name in the column <c>workspace</c>.</summary>
    Union,

    /// <summary>Each workspace has tables of its own, which begin with its name.</summary>
    Prefix,

    /// <summary>Each workspace has a schema of its own, which ends with its name.</summary>
    Schema,
}
