using Sluice.Engine.Load;
using Sluice.Engine.State;

namespace Sluice.Destinations.Files.Manifest;

/// <summary>The account of one load, as <c>_sluice_ledger</c> has it elsewhere.</summary>
internal sealed record ManifestLoad
{
    public required string Source { get; init; }

    public required string LoadId { get; init; }

    public required string RunId { get; init; }

    public long? Expected { get; init; }

    public string? ExpectedBy { get; init; }

    public long Fetched { get; init; }

    public long Doubled { get; init; }

    public long LeftOut { get; init; }

    public long Loaded { get; init; }

    public long Unchanged { get; init; }

    public long Rejected { get; init; }

    public long Skipped { get; init; }

    public long Deleted { get; init; }

    public long Returned { get; init; }

    public long TableRows { get; init; }

    public IReadOnlyList<string> Reasons { get; init; } = [];

    public required DateTimeOffset CommittedAt { get; init; }

    public static ManifestLoad Of(LoadTarget target, LedgerLine line, LoadResult result) => new()
    {
        Source = line.Source,
        LoadId = target.LoadId,
        RunId = target.RunId,
        Expected = line.Expected,
        ExpectedBy = line.ExpectedBy,
        Fetched = line.Fetched,
        Doubled = result.Doubled,
        LeftOut = line.LeftOut,
        Loaded = result.Loaded,
        Unchanged = result.Unchanged,
        Rejected = result.Rejected,
        Skipped = line.Skipped,
        Deleted = result.Deleted,
        Returned = result.Returned,
        TableRows = result.TableRows,
        Reasons = line.Reasons,
        CommittedAt = target.LoadedAt,
    };

    public LoadResult Result() => new()
    {
        Loaded = Loaded,
        Unchanged = Unchanged,
        Doubled = Doubled,
        Rejected = Rejected,
        Deleted = Deleted,
        Returned = Returned,
        TableRows = TableRows,
    };
}

/// <summary>How far a table has been read, as <c>_sluice_state</c> has it elsewhere.</summary>
internal sealed record ManifestState
{
    public required string Source { get; init; }

    public required DateTimeOffset ReadUntil { get; init; }

    /// <summary>The marks of parents, in unix seconds by key.</summary>
    public IReadOnlyDictionary<string, long> Parents { get; init; } = new Dictionary<string, long>();

    public string? RunId { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public static ManifestState Of(TableState state, DateTimeOffset at) =>
        new()
        {
            Source = state.Source,
            ReadUntil = state.Until,
            Parents = new SortedDictionary<string, long>(
                state.Parents.ToDictionary(mark => mark.Key, mark => mark.Value.ToUnixTimeSeconds()),
                StringComparer.Ordinal),
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
