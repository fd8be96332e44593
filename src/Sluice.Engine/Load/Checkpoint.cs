using Sluice.Engine.Catalog;
using Sluice.Engine.State;

namespace Sluice.Engine.Load;

/// <summary>What becomes true together with the rows, in the same transaction.</summary>
public sealed record Checkpoint
{
    /// <summary>How far the table has been read now; null leaves what is remembered alone.</summary>
    public TableState? State { get; init; }

    /// <summary>Whether the staged rows are all that Customer.io has: only then a row that is not among them has been deleted.</summary>
    public bool IsComplete { get; init; }

    /// <summary>
    /// Whether the staged rows were meant to be all and are not (a parent was skipped, a count came short): a replaced table keeps the rows that did
    /// not come, for nobody knows that they are gone.
    /// </summary>
    public bool HasGaps { get; init; }

    /// <summary>What becomes of rows that are not among the staged ones; without meaning unless <see cref="IsComplete"/>.</summary>
    public DeletePolicy Deletes { get; init; }

    /// <summary>The ledger's line as far as it is known before the rows are counted.</summary>
    public required LedgerLine Ledger { get; init; }
}

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
