namespace Sluice.Settings.Pipelines;

/// <summary>A pipeline file, as far as it could be read.</summary>
public sealed record PipelineFile
{
    /// <summary>The syncs in the order of the file.</summary>
    public required IReadOnlyList<PipelineSync> Syncs { get; init; }

    /// <summary>The names of all syncs, those that could not be read among them.</summary>
    public required IReadOnlyList<string> SyncNames { get; init; }

    /// <summary>All that is wrong, in the order of the file; with mistakes it is not to be run.</summary>
    public required IReadOnlyList<PipelineMistake> Mistakes { get; init; }

    /// <summary>What should be otherwise but does no harm to the run.</summary>
    public required IReadOnlyList<PipelineMistake> Warnings { get; init; }
}
