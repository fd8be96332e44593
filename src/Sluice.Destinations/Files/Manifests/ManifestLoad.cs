using Sluice.Engine.Load;

namespace Sluice.Destinations.Files.Manifests;

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
