using Sluice.Engine.Runs;

namespace Sluice.Engine.Audit;

/// <summary>What an audit found: how each table differs from what Customer.io has now.</summary>
public sealed record AuditReport
{
    /// <summary>The destination, without passwords.</summary>
    public required string Destination { get; init; }

    /// <summary>The tables in the order in which they were asked for.</summary>
    public required IReadOnlyList<AuditedTable> Tables { get; init; }

    /// <summary>HTTP requests of the audit, retries included.</summary>
    public long Requests { get; init; }

    /// <summary>What the repair did; null when none was asked for or nothing was to be repaired.</summary>
    public RunReport? Repair { get; init; }

    /// <summary>The exit code that the audit deserves: 7 while there are differences, or the code of what went wrong.</summary>
    public int ExitCode { get; init; }
}

/// <summary>How one table differs from what Customer.io has now.</summary>
public sealed record AuditedTable
{
    /// <summary>The table as it was asked for.</summary>
    public required string Source { get; init; }

    /// <summary>The destination table with its schema.</summary>
    public required string Table { get; init; }

    /// <summary>Rows that Customer.io has, each key once.</summary>
    public long AtCustomerIo { get; init; }

    /// <summary>Rows that the table has and that are not marked as deleted, as far as they were compared.</summary>
    public long InTable { get; init; }

    /// <summary>Rows that Customer.io has and the table has not, or has marked as deleted.</summary>
    public long Missing { get; init; }

    /// <summary>Rows that the table has and Customer.io has not.</summary>
    public long Extra { get; init; }

    /// <summary>Rows that both have and that differ in some column.</summary>
    public long Stale { get; init; }

    /// <summary>The first few rows that differ, each with its key and what is wrong.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>Why the table was not compared, or what to know of the comparison; null otherwise.</summary>
    public string? Note { get; init; }

    /// <summary>Whether the comparison could not be made.</summary>
    public bool Failed { get; init; }

    /// <summary>Whether anything differs.</summary>
    public bool Differs => Missing + Extra + Stale > 0;
}
