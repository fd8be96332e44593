using Sluice.Engine.Runs;

namespace Sluice.Engine.Audit;

/// <summary>What an audit found: how each table differs from what Customer.io has now.</summary>
public sealed record AuditReport
{
    /// <summary>The destination, without passwords.</summary>
    public required string Destination { get; init; }

    /// <summary>The tables in the requested order.</summary>
    public required IReadOnlyList<AuditedTable> Tables { get; init; }

    /// <summary>HTTP requests of the audit, retries included.</summary>
    public long Requests { get; init; }

    /// <summary>The repair's report; null if there was none.</summary>
    public RunReport? Repair { get; init; }

    /// <summary>The exit code: 7 if there are differences left, or that of an error.</summary>
    public int ExitCode { get; init; }
}

/// <summary>How one table differs from what Customer.io has now.</summary>
public sealed record AuditedTable
{
    /// <summary>The requested table.</summary>
    public required string Source { get; init; }

    /// <summary>The destination table with its schema.</summary>
    public required string Table { get; init; }

    /// <summary>Rows that Customer.io has, each key once.</summary>
    public long AtCustomerIo { get; init; }

    /// <summary>Compared rows of the table that are not marked as deleted.</summary>
    public long InTable { get; init; }

    /// <summary>Rows that Customer.io has and that are missing from the table or marked as deleted.</summary>
    public long Missing { get; init; }

    /// <summary>Rows of the table that Customer.io does not have.</summary>
    public long Extra { get; init; }

    /// <summary>Rows that both have and that differ in a column.</summary>
    public long Stale { get; init; }

    /// <summary>The first few differing rows, each with its key and the difference.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>Why the table was not compared, or a remark on the comparison; null otherwise.</summary>
    public string? Note { get; init; }

    /// <summary>Whether the comparison could not be made.</summary>
    public bool Failed { get; init; }

    /// <summary>Whether anything differs.</summary>
    public bool Differs => Missing + Extra + Stale > 0;
}
