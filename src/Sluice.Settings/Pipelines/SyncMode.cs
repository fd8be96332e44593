using Sluice.Engine.Catalog;

namespace Sluice.Settings.Pipelines;

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
