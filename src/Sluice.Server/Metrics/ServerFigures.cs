using System.Diagnostics.Metrics;
using Sluice.Server.Control;
using Sluice.Server.Runs;
using Sluice.Server.Status;
using Sluice.Server.Webhooks;

namespace Sluice.Server.Metrics;

/// <summary>The figures of a server: what was counted, and how it stands, as it was read a moment ago.</summary>
internal sealed class ServerFigures : IDisposable
{
    public const string MeterName = "Sluice.Server";

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly Meter _meter = new(MeterName);
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Overview _overview;
    private readonly ControlDatabase _control;
    private readonly Runner _runner;
    private readonly TimeProvider _time;
    private readonly EventInbox _inbox;
    private volatile Standing _now = new([], 0, []);
    private long? _readAt;

    public ServerFigures(RunCounters counters, Overview overview, ControlDatabase control, Runner runner, EventInbox inbox, TimeProvider time)
    {
        (_overview, _control, _runner, _inbox, _time) = (overview, control, runner, inbox, time);
        _meter.CreateObservableCounter("sluice.runs", () => counters.Runs, null, "Runs that ended on this node, by how they ended.");
        _meter.CreateObservableCounter("sluice.rows", () => counters.Rows, null, "Rows that runs of this node have written, by table.");
        _meter.CreateObservableCounter("sluice.requests", () => counters.Requests, null, "Requests to Customer.io that runs of this node have made.");
        _meter.CreateObservableCounter("sluice.throttled", () => counters.Throttled, null, "Answers of Customer.io with status 429.");
        _meter.CreateObservableGauge("sluice.run.duration", () => counters.Seconds, "s", "How long the last run on this node took.");
        CreateStanding();
    }

    /// <summary>Reads how it stands, unless that was read a moment ago.</summary>
    public async Task RefreshAsync(CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel);
        try
        {
            if (_readAt is not { } at || _time.GetElapsedTime(at) > Fresh)
            {
                var waiting = await _control.FindAsync<long>("SELECT count(*) FROM run_requests WHERE state = 'queued'", null, cancel);
                _now = new Standing(await _overview.ListAsync(cancel), waiting, await _inbox.DepthsAsync(cancel));
                _readAt = _time.GetTimestamp();
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        _meter.Dispose();
        _gate.Dispose();
    }

    private void CreateStanding()
    {
        _meter.CreateObservableGauge("sluice.data.age", () => Seconds(one => Now() - one.DataAsOf), "s", "Seconds since the last good run began.");
        _meter.CreateObservableGauge("sluice.late", () => Seconds(one => Now() - one.LateSince), "s", "Seconds since it was due, when it is late.");
        _meter.CreateObservableGauge("sluice.failing", () => Seconds(one => Now() - one.FailingSince), "s", "Seconds since runs began to fail.");
        _meter.CreateObservableGauge("sluice.due", () => Seconds(one => one.Next - Now()), "s", "Seconds until it is due.");
        _meter.CreateObservableGauge(
            "sluice.state",
            () => _now.All.Select(one => MetricLabels.With(1L, one.Kind, one.Name, ("state", one.Freshness.ToString().ToLowerInvariant()))),
            null,
            "1 for how it stands: fresh, late, failing, running, queued, paused, new or broken.");
        _meter.CreateObservableGauge("sluice.queue", () => _now.Waiting, null, "Requests that wait for a run.");
        _meter.CreateObservableGauge(
            "sluice.inbox", () => _now.Inbox.Sum(depth => depth.Events), null, "Events of webhooks that are not folded yet.");
        _meter.CreateObservableGauge(
            "sluice.inbox.age",
            () => _now.Inbox.Count == 0 ? 0 : Math.Round((Now() - _now.Inbox.Min(depth => depth.Oldest)).TotalSeconds),
            "s",
            "Seconds since the oldest of them came.");
        _meter.CreateObservableGauge("sluice.runs.active", () => _runner.Active.Count, null, "Runs on this node now.");
        _meter.CreateObservableGauge(
            "sluice.budget.used", () => Budgets().ToList(), null, "The share of the request budget that a run on this node uses, 0 to 1.");
    }

    private DateTimeOffset Now() => _time.GetUtcNow();

    private List<Measurement<double>> Seconds(Func<SyncStatus, TimeSpan?> of) =>
    [
        .. from one in _now.All
           let span = of(one)
           where span is not null
           select MetricLabels.With(Math.Round(span.Value.TotalSeconds), one.Kind, one.Name),
    ];

    private IEnumerable<Measurement<double>> Budgets() =>
        from run in _runner.Active.Values
        let budget = run.Order.Watch.Progress?.Budget
        where budget is not null
        let target = run.Order.Request.Target
        select MetricLabels.With(budget.Utilisation, RunWords.Of(target.Kind), target.Name);

    private sealed record Standing(IReadOnlyList<SyncStatus> All, long Waiting, IReadOnlyList<InboxDepth> Inbox);
}
