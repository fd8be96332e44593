using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines;

/// <summary>A table as its entry in the list says it, before the prefixes of its sync.</summary>
/// <param name="Table">The table.</param>
/// <param name="Place">Where the entry stands.</param>
/// <param name="IsPlaceKnown">Whether the name of the destination table is known; false when it waits for a variable.</param>
internal sealed record ReadTable(PipelineTable Table, Place Place, bool IsPlaceKnown);
