using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Settings.Pipelines;

namespace Sluice.Server.Runs;

/// <summary>The selected syncs and tables of a pipeline.</summary>
/// <param name="Syncs">Names of syncs; all if there are none.</param>
/// <param name="Tables">Names of tables; all if there are none.</param>
/// <param name="FullRefresh">Whether to read everything again and replace the tables.</param>
public sealed record SyncSelection(IReadOnlyList<string> Syncs, IReadOnlyList<string> Tables, bool FullRefresh)
{
    /// <summary>The selected syncs in the order of the file; collects unknown names.</summary>
    public IReadOnlyList<PipelineSync> Choose(PipelineFile file, ValidationErrors mistakes)
    {
        foreach (var unknown in Syncs.Where(name => !file.SyncNames.Contains(name, StringComparer.Ordinal)))
        {
            mistakes.Add(
                $"There is no sync '{unknown}'.", Suggestion.For(unknown, file.SyncNames) ?? $"There are {string.Join(", ", file.SyncNames)}.");
        }

        var syncs = file.Syncs.Where(sync => Syncs.Count == 0 || Syncs.Contains(sync.Name, StringComparer.Ordinal)).ToList();
        var known = syncs
            .SelectMany(sync => sync.Request.Tables)
            .SelectMany(Names)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToList();
        foreach (var unknown in Tables.Where(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            mistakes.Add(
                $"No sync that is to run has a table '{unknown}'.", Suggestion.For(unknown, known) ?? $"There are {string.Join(", ", known)}.");
        }

        return [.. syncs.Select(With).Where(sync => sync.Request.Tables.Count > 0)];
    }

    private PipelineSync With(PipelineSync sync) => sync with
    {
        Request = sync.Request with
        {
            Tables = [.. sync.Request.Tables.Where(IsWanted).Select(job => FullRefresh ? job.AsFullRefresh() : job)],
        },
    };

    private bool IsWanted(TableJob job) => Tables.Count == 0 || Names(job).Any(name => Tables.Contains(name, StringComparer.OrdinalIgnoreCase));

    // Its names in the file, in the catalog and in the destination.
    private static IEnumerable<string> Names(TableJob job) => [job.Source.ToString(), job.Source.Resource, job.Table];
}
