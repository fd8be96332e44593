namespace Sluice.Engine.Runs;

/// <summary>What a run did: the same object is printed, stored and served.</summary>
public sealed record RunReport
{
    /// <summary>The run's id, which every row carries in <c>_sluice_run_id</c>.</summary>
    public required string RunId { get; init; }

    /// <summary>When the run began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>The destination, without passwords.</summary>
    public required string Destination { get; init; }

    /// <summary>The tables in the order in which they were asked for.</summary>
    public required IReadOnlyList<TableReport> Tables { get; init; }

    /// <summary>All HTTP requests of the run, retries included.</summary>
    public long Requests { get; init; }

    /// <summary>Answers with status 429.</summary>
    public long RateLimited { get; init; }

    /// <summary>The share of the request budget that was used between first and last request, from 0 to 1; of several workspaces the least.</summary>
    public double BudgetUsed { get; init; }

    /// <summary>The workspaces one by one; empty when the run read a single one that nobody has named.</summary>
    public IReadOnlyList<WorkspaceUsage> Workspaces { get; init; } = [];

    /// <summary>Why the run could not be written into <c>_sluice_runs</c>, if it could not; null otherwise.</summary>
    public string? Error { get; init; }

    /// <summary>The exit code that the run deserves.</summary>
    public int ExitCode { get; init; }
}

/// <summary>What a run asked one of several workspaces for.</summary>
/// <param name="Name">The workspace's name in the pipeline.</param>
/// <param name="Requests">All HTTP requests, retries included.</param>
/// <param name="RateLimited">Answers with status 429.</param>
/// <param name="BudgetUsed">The share of its request budget that was used between first and last request, from 0 to 1.</param>
public sealed record WorkspaceUsage(string Name, long Requests, long RateLimited, double BudgetUsed);
