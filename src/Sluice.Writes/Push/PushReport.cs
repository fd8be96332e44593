using Sluice.Writes.Import;

namespace Sluice.Writes.Push;

/// <summary>What a push would do.</summary>
public sealed record PushPlan
{
    /// <summary>Method and path of the requests.</summary>
    public required string Call { get; init; }

    /// <summary>Method and path of the requests that remove; null for none.</summary>
    public string? RemovalCall { get; init; }

    /// <summary>What becomes of rows that were pushed before.</summary>
    public required PushMode Mode { get; init; }

    /// <summary>Rows of the source.</summary>
    public required long Rows { get; init; }

    /// <summary>What differs.</summary>
    public required PushCounts Counts { get; init; }

    /// <summary>Rows that would be sent.</summary>
    public required long Sent { get; init; }

    /// <summary>Rows that would be removed.</summary>
    public required long Removed { get; init; }

    /// <summary>Rows that would not be sent.</summary>
    public required long Rejected { get; init; }

    /// <summary>The first of those.</summary>
    public required IReadOnlyList<RejectedRow> FirstRejected { get; init; }

    /// <summary>Requests that would be made to send and to remove.</summary>
    public required int Requests { get; init; }

    /// <summary>Bytes of their bodies.</summary>
    public required long Bytes { get; init; }

    /// <summary>Requests to the App API before that, to know who is there.</summary>
    public required long AskingRequests { get; init; }

    /// <summary>Requests to the App API after that, to read back what was sent.</summary>
    public required long ReadBackRequests { get; init; }

    /// <summary>The first rows of each kind.</summary>
    public required IReadOnlyList<PushSample> Samples { get; init; }

    /// <summary>What somebody should know before.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>What can't be undone.</summary>
    public required IReadOnlyList<string> Undone { get; init; }

    /// <summary>What somebody must agree to; null for nothing.</summary>
    public Destruction? Destruction { get; init; }
}

/// <summary>What a push did.</summary>
public sealed record PushReport
{
    /// <summary>The journal, by which 'sluice writes' knows the run; null when nothing was to be sent.</summary>
    public string? JournalId { get; init; }

    /// <summary>Rows of the source.</summary>
    public required long Rows { get; init; }

    /// <summary>What differed.</summary>
    public required PushCounts Counts { get; init; }

    /// <summary>Rows that Customer.io has taken.</summary>
    public long Taken { get; init; }

    /// <summary>Rows that were removed.</summary>
    public long Removed { get; init; }

    /// <summary>People who are not there and were left out.</summary>
    public long Absent { get; init; }

    /// <summary>Rows that were not sent or that Customer.io has refused.</summary>
    public long Rejected { get; init; }

    /// <summary>The first of those.</summary>
    public IReadOnlyList<RejectedRow> FirstRejected { get; init; } = [];

    /// <summary>Rows that may have been taken and are not sent again.</summary>
    public long Unknown { get; init; }

    /// <summary>The keys of the first thousand of those.</summary>
    public IReadOnlyList<string> UnknownKeys { get; init; } = [];

    /// <summary>Requests that were made to send and to remove.</summary>
    public int Requests { get; init; }

    /// <summary>Time that it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>What somebody should know.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What reading back has shown; null when nothing was read back.</summary>
    public VerificationReport? Verification { get; init; }

    /// <summary>The file with the former rows of a collection; null when there is none.</summary>
    public string? FormerContent { get; init; }

    /// <summary>0, or 7 when rows are missing.</summary>
    public int ExitCode => ImportReport.ExitCodeOf(Rejected + Unknown, Verification);
}
