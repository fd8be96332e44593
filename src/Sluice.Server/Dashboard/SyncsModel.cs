using Sluice.Server.Status;
using Sluice.Settings.Pipelines;

namespace Sluice.Server.Dashboard;

/// <summary>What the first page shows.</summary>
/// <param name="Shown">The syncs and pushes on the page.</param>
/// <param name="Mistakes">What is wrong with the pipeline.</param>
/// <param name="Counts">How many there are of each status, all of them.</param>
/// <param name="Only">The status that is shown alone, or null.</param>
/// <param name="Next">The name after which the next page begins; null on the last.</param>
/// <param name="Events">Where what happens is streamed from.</param>
/// <param name="IsLater">Whether there are pages before it.</param>
internal sealed record SyncsModel(
    IReadOnlyList<SyncStatus> Shown,
    IReadOnlyList<PipelineError> Mistakes,
    IReadOnlyList<(Freshness Status, int Count)> Counts, Freshness? Only, string? Next, string Events, bool IsLater);
