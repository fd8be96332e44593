using Sluice.Engine.Catalog;

namespace Sluice.Engine.Config.Pipeline;

/// <summary>Turns the words of a sync into the request that a run works by.</summary>
public static class SyncRequest
{
    /// <summary>Makes the request of one set of tables, and notes everything that is wrong; with mistakes it is not to be used.</summary>
    /// <param name="sync">The sync.</param>
    /// <param name="set">Some tables of it.</param>
    /// <param name="pairId">Names the pair of workspaces and destination.</param>
    /// <param name="catalog">The tables that there are.</param>
    /// <param name="mistakes">Takes what is wrong.</param>
    public static IngestRequest Read(PipelineSync sync, PipelineTableSet set, string pairId, ResourceCatalog catalog, Mistakes mistakes)
    {
        if (set.Workspaces.Count > 1)
        {
            mistakes.Add($"The sync {sync.Name} reads {set.Workspaces.Count} workspaces into one table each, which this version can't do.", "Choose combine: prefix or combine: schema.");
        }

        var jobs = set.Tables.Select(table => Job(sync, table, pairId, catalog, mistakes)).ToList();
        return IngestRequestReader.Read(sync.Settings with { SourceTable = set.Tables[0].Source.ToString() }, pairId, catalog, new Mistakes()) with { Tables = jobs };
    }

    private static TableJob Job(PipelineSync sync, PipelineTable table, string pairId, ResourceCatalog catalog, Mistakes mistakes)
    {
        NoteWhatCannotBe(sync, table, mistakes);
        var request = IngestRequestReader.Read(table.Settings, pairId, catalog, mistakes);
        var job = request.Tables[0];

        // Tables without rules of their own share lists with those that they lead to.
        return table.HasOwnRules ? job with { Rules = request.RulesOf(job) } : job;
    }

    private static void NoteWhatCannotBe(PipelineSync sync, PipelineTable table, Mistakes mistakes)
    {
        void Note(bool isSaid, string key)
        {
            if (isSaid)
            {
                mistakes.Add($"The sync {sync.Name} says {key} of {table.Source}, which this version can't do.", $"Take {key} out of {table.Source}.");
            }
        }

        Note(table.Where is not null, "where");
        Note(table.Renames.Count > 0, "rename");
        Note(table.Attributes is not null, "attributes");
        Note(table.Archive, "archive");
    }
}
