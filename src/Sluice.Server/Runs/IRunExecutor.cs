using Sluice.Engine.Runs;

namespace Sluice.Server.Runs;

/// <summary>Does what a request asks for.</summary>
internal interface IRunExecutor
{
    /// <summary>The names of what the run must have for itself: its workspaces and destination together, and a file that it writes.</summary>
    Task<IReadOnlyList<string>> LeasesAsync(RunTarget target, CancellationToken cancel);

    /// <summary>Runs it to its end; what failed is in the result, and only a cancellation is thrown.</summary>
    Task<RunResult> RunAsync(RunOrder order, CancellationToken cancel);
}

/// <summary>A request that a node has taken.</summary>
/// <param name="RunId">The run's id, which every row carries in <c>_sluice_run_id</c>.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="Epoch">The epoch of its leases.</param>
/// <param name="Watch">Takes what is to be seen of the run while it goes on.</param>
internal sealed record RunOrder(string RunId, RunRequest Request, long Epoch, RunWatch Watch)
{
    /// <summary>The run before it, when that has stopped answering; what it holds may be taken from it.</summary>
    public string? FormerRunId { get; init; }
}

/// <summary>How a run ended.</summary>
/// <param name="ExitCode">The exit code that it deserves.</param>
/// <param name="Summary">What happened, in a sentence.</param>
internal sealed record RunResult(int ExitCode, string Summary)
{
    /// <summary>The report as JSON, if there is one.</summary>
    public string? Report { get; init; }

    /// <summary>Rows that were written.</summary>
    public long? Rows { get; init; }

    /// <summary>HTTP requests that were made.</summary>
    public long? Requests { get; init; }

    /// <summary>Whether the same run may succeed later without a change.</summary>
    public bool MayPass => ExitCode is Engine.Runs.ExitCode.Api or Engine.Runs.ExitCode.Destination;
}

/// <summary>What is to be seen of a run while it goes on; safe to use at any time from any thread.</summary>
internal sealed class RunWatch
{
    private volatile RunProgress? _progress;

    /// <summary>Where the run is, once it has begun.</summary>
    public RunProgress? Progress { get => _progress; set => _progress = value; }

    /// <summary>How often the run is tried again when it fails for a reason that may pass, as the pipeline says.</summary>
    public int Retries { get; set; } = Settings.Pipelines.PipelineSchedule.UsualRetries;

    /// <summary>The log.</summary>
    public required RunLog Log { get; init; }
}
