using Sluice.Writes.Journal;

namespace Sluice.Writes.Import;

/// <summary>What an import would do.</summary>
public sealed record ImportPlan
{
    /// <summary>Which column becomes what.</summary>
    public required ImportMapping Mapping { get; init; }

    /// <summary>Method and path of the requests.</summary>
    public required string Call { get; init; }

    /// <summary>Rows of the source that can be read.</summary>
    public long Rows { get; init; }

    /// <summary>Rows that would be sent.</summary>
    public long Sent { get; init; }

    /// <summary>Rows that would go into a later one of the same identifier.</summary>
    public long Merged { get; init; }

    /// <summary>Rows that would not be sent.</summary>
    public long Rejected { get; init; }

    /// <summary>The first of those.</summary>
    public IReadOnlyList<RejectedRow> FirstRejected { get; init; } = [];

    /// <summary>Requests that would be made.</summary>
    public int Requests { get; init; }

    /// <summary>Requests of them that were made already by an earlier run.</summary>
    public int Done { get; init; }

    /// <summary>Bytes of their bodies.</summary>
    public long Bytes { get; init; }

    /// <summary>What is sent for the first rows.</summary>
    public IReadOnlyList<string> Samples { get; init; } = [];

    /// <summary>What somebody should know before.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Rows that would be read back afterwards; 0 for none.</summary>
    public long ReadBackRows { get; init; }

    /// <summary>Requests to the App API that this would take at least.</summary>
    public long ReadBackRequests { get; init; }

    /// <summary>Whether the App API gives what these rows change.</summary>
    public bool CanReadBack { get; init; }
}

/// <summary>What an import did.</summary>
public sealed record ImportReport
{
    /// <summary>The journal, by which 'sluice writes' knows the import.</summary>
    public required string JournalId { get; init; }

    /// <summary>Whether it was finished before, so that nothing was sent.</summary>
    public bool WasComplete { get; init; }

    /// <summary>When it was begun.</summary>
    public DateTimeOffset Began { get; init; }

    /// <summary>Rows of the source.</summary>
    public long Rows { get; init; }

    /// <summary>Rows that Customer.io has taken.</summary>
    public long Taken { get; init; }

    /// <summary>Rows that went into a later one of the same identifier.</summary>
    public long Merged { get; init; }

    /// <summary>Rows that were not sent or that Customer.io has refused.</summary>
    public long Rejected { get; init; }

    /// <summary>The first of those.</summary>
    public IReadOnlyList<RejectedRow> FirstRejected { get; init; } = [];

    /// <summary>Rows that may have been taken and must not be sent again.</summary>
    public long Unknown { get; init; }

    /// <summary>The requests of those.</summary>
    public IReadOnlyList<JournalEntry> UnknownBatches { get; init; } = [];

    /// <summary>Requests of this run.</summary>
    public int Requests { get; init; }

    /// <summary>Requests that an earlier run had made.</summary>
    public int AlreadyDone { get; init; }

    /// <summary>Time that it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>What somebody should know.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What reading back has shown; null when nothing was read back.</summary>
    public VerificationReport? Verification { get; init; }

    /// <summary>The file with what is no more, by which it can be brought back; null when there is none.</summary>
    public string? FormerContent { get; init; }

    /// <summary>0, or 7 when rows are missing.</summary>
    public int ExitCode => ExitCodeOf(Rejected + Unknown, Verification);

    internal static int ExitCodeOf(long missing, VerificationReport? verification) =>
        missing + (verification?.Different ?? 0) > 0 || verification is { Problem: not null, IsSample: false }
            ? Engine.Runs.ExitCode.Partial
            : Engine.Runs.ExitCode.Done;
}

/// <summary>How far an import is; read by others while it runs.</summary>
public sealed class ImportProgress
{
    private long _rows;
    private int _requests;

    /// <summary>Rows of the source; 0 until it was gone through.</summary>
    public long All { get; internal set; }

    /// <summary>Rows of requests that are over.</summary>
    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>Requests that are over.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Rows that were read back as they were sent.</summary>
    public long ReadBack { get; internal set; }

    /// <summary>Rows that are not yet as they were sent.</summary>
    public int NotThereYet { get; internal set; }

    internal void Add(long rows)
    {
        Interlocked.Add(ref _rows, rows);
        Interlocked.Increment(ref _requests);
    }
}
