namespace Sluice.Engine.Load;

/// <summary>The account of one load: what was to be expected, what came, and where every record went.</summary>
public sealed record LedgerLine
{
    /// <summary>The table as it was asked for.</summary>
    public required string Source { get; init; }

    /// <summary>Records that Customer.io says there are; null when it has no count.</summary>
    public long? Expected { get; init; }

    /// <summary>Where <see cref="Expected"/> comes from.</summary>
    public string? ExpectedBy { get; init; }

    /// <summary>Records that Customer.io gave.</summary>
    public long Fetched { get; init; }

    /// <summary>Records that are not of this table or outside the interval or the limit.</summary>
    public long LeftOut { get; init; }

    /// <summary>Parents or people that could not be read.</summary>
    public long Skipped { get; init; }

    /// <summary>Why records are missing, one sentence each.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];
}
