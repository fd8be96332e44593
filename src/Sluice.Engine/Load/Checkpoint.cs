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
