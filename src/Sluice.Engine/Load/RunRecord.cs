namespace Sluice.Engine.Load;

/// <summary>One run as it is kept beside the data in <c>_sluice_runs</c>.</summary>
/// <param name="RunId">The run's id, which every row carries in <c>_sluice_run_id</c>.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="ExitCode">The exit code that it deserved.</param>
/// <param name="Requests">HTTP requests that it made, retries included.</param>
/// <param name="Report">The whole report as JSON.</param>
public sealed record RunRecord(string RunId, DateTimeOffset StartedAt, DateTimeOffset EndedAt, int ExitCode, long Requests, string Report);
