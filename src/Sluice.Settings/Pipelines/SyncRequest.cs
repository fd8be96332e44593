using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;

namespace Sluice.Settings.Pipelines;

/// <summary>Turns the words of a sync into the request that a run works by.</summary>
public static class SyncRequest
{
    /// <summary>Makes the request for all workspaces of a sync, and notes everything that is wrong; with mistakes it is not to be used.</summary>
    /// <param name="sync">The sync.</param>
    /// <param name="pairId">Names the pair of workspaces and destination.</param>
    /// <param name="catalog">The tables that there are.</param>
    /// <param name="mistakes">Takes what is wrong.</param>
    public static IngestRequest Read(PipelineSync sync, string pairId, ResourceCatalog catalog, ValidationErrors mistakes)
    {
        var shared = IngestRequestReader.Read(
            sync.Settings with
            {
                SourceTable = sync.Sets[0].Tables[0].Source.ToString(),
            },
            pairId,
            catalog,
            new ValidationErrors());
        return shared with { Tables = [.. sync.Sets.SelectMany(set => set.Tables.Select(table => In(sync, set, Job(table, catalog, mistakes))))] };
    }

    private static TableJob Job(PipelineTable table, ResourceCatalog catalog, ValidationErrors mistakes)
    {
        var job = IngestRequestReader.Read(table.Settings, "", catalog, mistakes).Tables[0];
        return job with { Settings = job.Settings with { IsOwn = table.HasOwnRules } };
    }

    private static TableJob In(PipelineSync sync, PipelineTableSet set, TableJob job) =>
        !sync.IsOfNamedWorkspaces
            ? job
            : (sync.Combine == Combination.Union ? WorkspaceColumn.Combine(job) : WorkspaceColumn.AddTo(job)) with
            {
                Workspaces = [.. set.Workspaces.Select(workspace => workspace.Name)],
            };
}
