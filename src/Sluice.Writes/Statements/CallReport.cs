using System.Text.Json.Nodes;

namespace Sluice.Writes.Statements;

/// <summary>What became of a statement's calls.</summary>
public sealed record CallReport
{
    /// <summary>The journal, by which 'sluice writes' knows the statement; null when there was nothing to send.</summary>
    public string? JournalId { get; init; }

    /// <summary>The calls in order.</summary>
    public required IReadOnlyList<CallOutcome> Outcomes { get; init; }

    /// <summary>What reading people back has shown; null when nobody was read back.</summary>
    public ChangeVerification? Verification { get; init; }

    /// <summary>Whether it was stopped by the user.</summary>
    public bool IsCancelled { get; init; }

    /// <summary>Rows, or calls without rows, of which the outcome is known to be one of some.</summary>
    public int Count(params ReadOnlySpan<CallState> states)
    {
        var count = 0;
        foreach (var one in Outcomes)
        {
            count += states.Contains(one.State) ? one.Call.Count : 0;
        }

        return count;
    }

    /// <summary>0, 7 when something is missing or unknown, 130 when it was stopped.</summary>
    public int ExitCode => IsCancelled ? Engine.Runs.ExitCode.Cancelled
        : Outcomes.All(one => one.State is CallState.Done or CallState.DoneBefore) && Verification is not ({ Different.Count: > 0 }
            or { Problem: not null, IsSample: false }) ? Engine.Runs.ExitCode.Done
        : Engine.Runs.ExitCode.Partial;
}

/// <summary>What became of a call.</summary>
/// <param name="Call">The call.</param>
/// <param name="State">What is known of it.</param>
public sealed record CallOutcome(PlannedCall Call, CallState State)
{
    /// <summary>Why it was refused, or is unknown.</summary>
    public string? Reason { get; init; }

    /// <summary>The answer, or the row as it is now; null when there was none.</summary>
    public JsonNode? Answer { get; init; }
}

/// <summary>What is known of a call.</summary>
public enum CallState
{
    /// <summary>Customer.io has taken it.</summary>
    Done,

    /// <summary>An earlier run of the same statement, which did not come to its end, has made it.</summary>
    DoneBefore,

    /// <summary>Customer.io has refused it.</summary>
    Refused,

    /// <summary>It may have been carried out, and is not repeated.</summary>
    Unknown,

    /// <summary>It was not sent, because of one before it.</summary>
    NotTried,
}
