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
