using Sluice.Engine.Shape;

namespace Sluice.Engine.Runs;

/// <summary>What became of one table in a run.</summary>
public sealed record TableReport
{
    /// <summary>The table as it was asked for, with its period.</summary>
    public required string Source { get; init; }

    /// <summary>The destination table with its schema.</summary>
    public required string Table { get; init; }

    /// <summary>What was done with rows that were there.</summary>
    public required string Strategy { get; init; }

    /// <summary>How it ended.</summary>
    public required TableOutcome Outcome { get; init; }

    /// <summary>The feed that the rows came from; tables of the same feed share its requests.</summary>
    public string Feed { get; init; } = "";

    /// <summary>HTTP requests of the feed in this run, retries included.</summary>
    public long Requests { get; init; }

    /// <summary>Requests that had to be made again.</summary>
    public long Retries { get; init; }

    /// <summary>Seconds that the feed's walks waited for the budget and between retries, added up.</summary>
    public double WaitedSeconds { get; init; }

    /// <summary>Pages read.</summary>
    public long Pages { get; init; }

    /// <summary>Records that Customer.io gave, former runs of a resumed spool included.</summary>
    public long Fetched { get; init; }

    /// <summary>Rows of this load in the table.</summary>
    public long Rows { get; init; }

    /// <summary>Records that came more than once and count once.</summary>
    public long Doubled { get; init; }

    /// <summary>Values kept in <c>_sluice_rejects</c> because they did not fit.</summary>
    public long Rejected { get; init; }

    /// <summary>Rows in the table after the commit.</summary>
    public long TableRows { get; init; }

    /// <summary>Bytes of JSON records.</summary>
    public long Bytes { get; init; }

    /// <summary>Seconds from the start of the run until the table was committed.</summary>
    public double Seconds { get; init; }

    /// <summary>Whether pages of an earlier, killed run were used.</summary>
    public bool Resumed { get; init; }

    /// <summary>Parents that were gone, each with its reason.</summary>
    public IReadOnlyList<string> Skipped { get; init; } = [];

    /// <summary>Columns that records made necessary.</summary>
    public IReadOnlyList<SchemaChange> SchemaChanges { get; init; } = [];

    /// <summary>Sentences worth knowing that are no failures.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The first error in words, if any.</summary>
    public string? Error { get; init; }

    /// <summary>What to do about the error, if known.</summary>
    public string? Hint { get; init; }

    /// <summary>The error's kind, which decides the exit code.</summary>
    public SluiceErrorKind? ErrorKind { get; init; }
}
