using Sluice.Engine.Catalog;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines;

/// <summary>A pipeline file, as far as it could be read.</summary>
public sealed record PipelineFile
{
    /// <summary>The syncs in the order of the file.</summary>
    public required IReadOnlyList<PipelineSync> Syncs { get; init; }

    /// <summary>The names of all syncs, those that could not be read among them.</summary>
    public required IReadOnlyList<string> SyncNames { get; init; }

    /// <summary>All that is wrong, in the order of the file; with mistakes it is not to be run.</summary>
    public required IReadOnlyList<PipelineError> ValidationErrors { get; init; }

    /// <summary>What should be otherwise but does no harm to the run.</summary>
    public required IReadOnlyList<PipelineError> Warnings { get; init; }
}

/// <summary>A destination of a pipeline.</summary>
/// <param name="Name">The name in the file.</param>
/// <param name="Uri">The address, which may hold a password; null when a variable is not set and nobody asked for it.</param>
/// <param name="Identity">What makes it the same destination, whatever it is called by.</param>
/// <param name="Schema">The schema for syncs that name none, or null.</param>
public sealed record PipelineDestination(string Name, string? Uri, string Identity, string? Schema)
{
    /// <summary>Gives the name alone, for the address may hold a password.</summary>
    public override string ToString() => Name;
}

/// <summary>When a sync is to be run, for a scheduler to read.</summary>
/// <param name="Cron">Minute, hour, day of the month, month and day of the week.</param>
/// <param name="TimeZone">The name of a time zone in the IANA database.</param>
public sealed record PipelineSchedule(string Cron, string TimeZone);

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

    /// <summary>
    /// The address of the destination, with the columns to partition by in it; it may hold a password. Null when a variable is not set.
    /// </summary>
    public string? Uri { get; init; }

    /// <summary>When a scheduler is to run it, or null.</summary>
    public PipelineSchedule? Schedule { get; init; }
}

/// <summary>One table of a sync, in the words that a user of ingest would say about it.</summary>
public sealed record PipelineTable
{
    /// <summary>What is read.</summary>
    public required TableName Source { get; init; }

    /// <summary>What holds for this table, word for word, with the sync's words where it has none of its own.</summary>
    public required IngestSettings Settings { get; init; }

    /// <summary>Whether it says something of its own about how it is read and written.</summary>
    public bool HasOwnRules { get; init; }

    /// <summary>The destination table; the beginning of several tables' names where activities become one for each type.</summary>
    public string Table { get; init; } = "";

    /// <summary>The destination table with its schema.</summary>
    public string Place => $"{Settings.DestSchema}.{Table}";
}

/// <summary>Tables and the workspaces whose rows they hold: all workspaces of a sync, or one of them.</summary>
/// <param name="Workspaces">The workspaces.</param>
/// <param name="Tables">The tables, with their names in the destination.</param>
public sealed record PipelineTableSet(IReadOnlyList<PipelineWorkspace> Workspaces, IReadOnlyList<PipelineTable> Tables);

/// <summary>A workspace of a pipeline.</summary>
/// <param name="Name">The name in the file.</param>
/// <param name="Source">What it is read with; null when a variable is not set and nobody asked for it.</param>
public sealed record PipelineWorkspace(string Name, SourceAddress? Source);

/// <summary>A table as its entry in the list says it, before the prefixes of its sync.</summary>
/// <param name="Table">The table.</param>
/// <param name="Place">Where the entry stands.</param>
/// <param name="IsPlaceKnown">Whether the name of the destination table is known; false when it waits for a variable.</param>
internal sealed record ReadTable(PipelineTable Table, Place Place, bool IsPlaceKnown);

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

/// <summary>Reads <c>mode</c>: what connectors call a load type, or a strategy by its own name.</summary>
internal static class SyncMode
{
    private const string FullRefresh = "full_refresh";
    private const string Incremental = "incremental";

    public static IReadOnlyList<string> Words { get; } = [FullRefresh, Incremental, .. IngestRequestReader.StrategyWords];

    /// <summary>Says the mode as a user of ingest would.</summary>
    public static IngestSettings Apply(string? mode, Resource resource, IngestSettings settings) => mode switch
    {
        // Everything is read and takes the place of what is there, so that no key is needed.
        FullRefresh => settings with { FullRefresh = true },
        Incremental => settings with { Strategy = resource.PrimaryKey.Count > 0 || settings.PrimaryKey.Count > 0 ? "merge" : null },
        _ => settings with { Strategy = mode },
    };
}
