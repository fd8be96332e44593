using System.Diagnostics;
using Sluice.Server.Control;
using Sluice.Server.Runs;

namespace Sluice.Server.Metrics;

/// <summary>Makes a trace of a run that has ended: a span for the run, and one for each table below it.</summary>
internal sealed class RunTraces(ControlDatabase control) : IRunObserver, IDisposable
{
    public const string SourceName = "Sluice.Server";

    private readonly ActivitySource _source = new(SourceName);
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Says that whoever takes traces is there, or that nobody does.</summary>
    public void Begin() => _begun.TrySetResult();

    public async Task EndedAsync(string runId, CancellationToken cancel)
    {
        // A run may end before the exporter is there.
        await _begun.Task.WaitAsync(cancel);
        if (!_source.HasListeners() || await EndedRun.FindAsync(control, runId, cancel) is not { } run)
        {
            return;
        }

        var start = ControlTime.Read(run.Row.StartedAt);
        // Of its own, whatever is under way in this process.
        using var span = _source.StartActivity(
            $"{run.Row.Kind} {run.Row.Name}", ActivityKind.Internal, default(ActivityContext), Tags(run), startTime: start);
        foreach (var table in span is null ? [] : run.Tables)
        {
            using var part = _source.StartActivity(
                table.Name,
                ActivityKind.Internal,
                span!.Context,
                [new("sluice.outcome", table.Outcome), new("sluice.rows", table.Rows)],
                startTime: start);
            Close(part, table.Outcome == "failed", start.AddSeconds(table.Seconds));
        }

        Close(span, run.Row.State == RunState.Failed, ControlTime.Read(run.Row.EndedAt ?? run.Row.StartedAt));
    }

    public void Dispose() => _source.Dispose();

    private static void Close(Activity? span, bool isFailed, DateTimeOffset end)
    {
        span?.SetStatus(isFailed ? ActivityStatusCode.Error : ActivityStatusCode.Ok);
        span?.SetEndTime(end.UtcDateTime);
    }

    private static IEnumerable<KeyValuePair<string, object?>> Tags(EndedRun run) =>
    [
        new("sluice.run_id", run.Row.Id),
        new("sluice.state", run.Row.State),
        new("sluice.reason", run.Row.Reason),
        new("sluice.attempt", run.Row.Attempt),
        new("sluice.rows", run.Row.TableRows ?? 0),
        new("sluice.requests", run.Row.Requests ?? 0),
        new("sluice.throttled", run.Throttled),
    ];
}
