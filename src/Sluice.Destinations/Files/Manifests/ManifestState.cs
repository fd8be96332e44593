using Sluice.Engine.State;

namespace Sluice.Destinations.Files.Manifests;

/// <summary>How far a table has been read, as <c>_sluice_state</c> has it elsewhere.</summary>
internal sealed record ManifestState
{
    public required string Source { get; init; }

    public required DateTimeOffset ReadUntil { get; init; }

    /// <summary>The marks of parents, in unix seconds by key.</summary>
    public IReadOnlyDictionary<string, long> Parents { get; init; } = new Dictionary<string, long>();

    public string? RunId { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public static ManifestState Of(TableState state, DateTimeOffset at) => new()
    {
        Source = state.Source,
        ReadUntil = state.Until,
        Parents = new SortedDictionary<string, long>(state.Parents.ToDictionary(mark => mark.Key, mark => mark.Value.ToUnixTimeSeconds()), StringComparer.Ordinal),
        RunId = state.RunId,
        UpdatedAt = at,
    };

    public TableState State(string table) => new()
    {
        Table = table,
        Source = Source,
        Until = ReadUntil,
        Parents = Parents.ToDictionary(mark => mark.Key, mark => DateTimeOffset.FromUnixTimeSeconds(mark.Value), StringComparer.Ordinal),
        RunId = RunId,
    };
}
