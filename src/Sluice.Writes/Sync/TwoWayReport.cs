using System.Text.Json.Nodes;

namespace Sluice.Writes.Sync;

/// <summary>What a run has changed, or would change.</summary>
public sealed record TwoWayReport
{
    /// <summary>The rows that went, or would go, from one side to the other.</summary>
    public required IReadOnlyList<MovedRow> Moved { get; init; }

    /// <summary>Rows that both sides have changed, and that stay as they are.</summary>
    public required IReadOnlyList<RowConflict> Conflicts { get; init; }

    /// <summary>Rows that are gone on one side and stay on the other.</summary>
    public required IReadOnlyList<string> Kept { get; init; }

    /// <summary>Rows that are the same on both sides.</summary>
    public required int Alike { get; init; }

    /// <summary>Values that the database holds in another way, and what else should be known.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Where the rows of the collection are as they were before; null when none were replaced.</summary>
    public string? FormerContent { get; init; }

    /// <summary>The journal of the calls; null when nothing was sent.</summary>
    public string? JournalId { get; init; }

    /// <summary>0, or 7 when there are conflicts or rows that did not arrive.</summary>
    public int ExitCode =>
        Conflicts.Count > 0 || Moved.Any(row => row.Failure is not null) ? Engine.Runs.ExitCode.Partial : Engine.Runs.ExitCode.Done;
}

/// <summary>A row that went from one side to the other.</summary>
/// <param name="Name">The row, by its key.</param>
/// <param name="To">Where it went.</param>
/// <param name="Verb">insert, update or delete.</param>
/// <param name="Old">The values that were there; null for a new row.</param>
/// <param name="New">The values that are there now; null for a deleted row.</param>
public sealed record MovedRow(string Name, SyncSide To, string Verb, JsonObject? Old, JsonObject? New)
{
    /// <summary>Why it did not arrive; null when it did.</summary>
    public string? Failure { get; init; }
}
