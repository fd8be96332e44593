namespace Sluice.Settings.Pipelines;

/// <summary>A workspace of a pipeline.</summary>
/// <param name="Name">The name in the file.</param>
/// <param name="Source">What it is read with; null when a variable is not set and nobody asked for it.</param>
public sealed record PipelineWorkspace(string Name, SourceAddress? Source);
