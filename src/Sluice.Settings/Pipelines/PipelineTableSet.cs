namespace Sluice.Settings.Pipelines;

/// <summary>Tables and the workspaces whose rows they hold: all workspaces of a sync, or one of them.</summary>
/// <param name="Workspaces">The workspaces.</param>
/// <param name="Tables">The tables, with their names in the destination.</param>
public sealed record PipelineTableSet(IReadOnlyList<PipelineWorkspace> Workspaces, IReadOnlyList<PipelineTable> Tables);
