namespace Sluice.Settings.Pipelines;

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

    /// <summary>The tables: one set for all workspaces, or one for each.</summary>
    public required IReadOnlyList<PipelineTableSet> Sets { get; init; }

    /// <summary>What holds for all tables that say nothing else, word for word.</summary>
    public required IngestSettings Settings { get; init; }

    /// <summary>The address of the destination, with the columns to partition by in it; it may hold a password. Null when a variable is not set.</summary>
    public string? Uri { get; init; }

    /// <summary>When a scheduler is to run it, or null.</summary>
    public PipelineSchedule? Schedule { get; init; }
}
