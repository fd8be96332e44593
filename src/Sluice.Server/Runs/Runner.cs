using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Sluice.Engine.Runs;
using Sluice.Server.Control;

namespace Sluice.Server.Runs;

/// <summary>Takes requests out of the queue and runs them, as many at a time as the server may.</summary>
internal sealed class Runner(
    RunQueue queue,
    RunStore store,
    IRunExecutor executor,
    ControlDatabase control,
    ServerOptions options,
    TimeProvider time,
    IEnumerable<IRunObserver> observers)
    : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, ActiveRun> _active = new(StringComparer.Ordinal);

    /// <summary>What runs on this node now, with what each lets be seen.</summary>
    public IReadOnlyDictionary<string, ActiveRun> Active => _active;

    /// <summary>Ends what a former process of this node left, before anything begins.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RecoverAsync(isStart: true, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Begins all that waits, is free and fits; gives the runs that were begun.</summary>
    public async Task<IReadOnlyList<ActiveRun>> BeginAllAsync(CancellationToken stopping)
    {
        var begun = new List<ActiveRun>();
        foreach (var candidate in _active.Count < options.MostRuns ? await store.CandidatesAsync(stopping) : [])
        {
            if (_active.Count >= options.MostRuns)
            {
                break;
            }

            var request = candidate.ToRequest();
            var leases = await executor.LeasesAsync(request.Target, stopping);
            var runId = IngestRun.NewId(time);
            if (await store.TakeAsync(candidate, leases, runId, options.Node, stopping) is { } taken)
            {
                begun.Add(Begin(request, leases, runId, taken, stopping));
            }
        }

        return begun;
    }

    /// <summary>Ends runs of nodes that are gone.</summary>
    public async Task RecoverAsync(bool isStart, CancellationToken cancel)
    {
        foreach (var id in await store.RecoverAsync(options.Node, isStart, cancel))
        {
            await TellAsync(id);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (control.IsShared)
                {
                    await RecoverAsync(isStart: false, stoppingToken);
                }

                await BeginAllAsync(stoppingToken);
                await queue.WaitForNewsAsync(Look, stoppingToken);
            }
            catch (System.Data.Common.DbException) when (!stoppingToken.IsCancellationRequested)
            {
                // The control database is away: what runs goes on until its lease is lost, and what waits waits.
                await Task.Delay(Look, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
        }

        await Task.WhenAll(_active.Values.Select(run => run.Ended));
    }

    private ActiveRun Begin(RunRequest request, IReadOnlyList<string> leases, string runId, TakenRequest taken, CancellationToken stopping)
    {
        var watch = new RunWatch { Log = RunLog.Open(options.WorkFolder, runId, time) };
        var order = new RunOrder(runId, request, taken.Epoch, watch) { FormerRunId = taken.FormerRunId };
        var run = new ActiveRun(order, leases) { HeardAt = time.GetTimestamp() };
        _active[runId] = run;
        run.Ended = Task.Run(() => RunAsync(run, stopping), CancellationToken.None);
        return run;
    }

    private async Task RunAsync(ActiveRun run, CancellationToken stopping)
    {
        using var log = run.Order.Watch.Log;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var over = new CancellationTokenSource();
        log.Info($"Begun on the node {options.Node}: {RunWords.Of(run.Order.Request.Target.Kind)} {run.Order.Request.Target.Name}, "
            + $"{RunWords.Of(run.Order.Request.Reason)}, attempt {run.Order.Request.Attempt}.");
        var heard = KeepAsync(run, stop, over.Token);
        var result = await ResultAsync(run, stop.Token);
        await over.CancelAsync();
        await heard;
        if (run.Orders != RunOrders.LeaseIsLost)
        {
            await EndAsync(run, result, stopping.IsCancellationRequested);
        }

        log.Info(result.Summary);
        _active.TryRemove(run.Order.RunId, out _);
        queue.Wake();
    }

    private async Task<RunResult> ResultAsync(ActiveRun run, CancellationToken stop)
    {
        try
        {
            return await executor.RunAsync(run.Order, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new RunResult(ExitCode.Cancelled, "Stopped before it had read anything.");
        }
    }

    private async Task EndAsync(ActiveRun run, RunResult result, bool isServerStopping)
    {
        var state = result.ExitCode switch
        {
            ExitCode.Done => RunState.Done,
            ExitCode.Partial => RunState.Partial,
            ExitCode.Cancelled => run.Orders == RunOrders.Stop || !isServerStopping ? RunState.Stopped : RunState.Interrupted,
            _ => RunState.Failed,
        };
        var told = state == RunState.Interrupted ? result with { Summary = $"The server was stopped. {result.Summary}" } : result;

        // The database may be away for a while, and the run's end must be told all the same.
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await store.EndAsync(run.Order.RunId, state, told, run.Order.Watch.Retries, CancellationToken.None);
                break;
            }
            catch (System.Data.Common.DbException) when (attempt < 30 && !isServerStopping)
            {
                await Task.Delay(Look, time, CancellationToken.None);
            }
        }

        await TellAsync(run.Order.RunId);
    }

    private async Task TellAsync(string runId)
    {
        foreach (var observer in observers)
        {
            await observer.EndedAsync(runId, CancellationToken.None);
        }
    }

    private async Task KeepAsync(ActiveRun run, CancellationTokenSource stop, CancellationToken over)
    {
        var holder = new LeaseHolder(options.Node, run.Order.RunId);
        while (run.Orders == RunOrders.GoOn)
        {
            await Task.Delay(RunLeases.Heartbeat, time, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (over.IsCancellationRequested)
            {
                return;
            }

            run.Orders = await OrdersAsync(run, holder);
        }

        await stop.CancelAsync();
    }

    private async Task<RunOrders> OrdersAsync(ActiveRun run, LeaseHolder holder)
    {
        try
        {
            var orders = await store.KeepAsync(holder, run.Leases, ProgressJson.Write(run.Order.Watch.Progress), CancellationToken.None);
            run.HeardAt = time.GetTimestamp();
            return orders;
        }
        catch (System.Data.Common.DbException)
        {
            // Nobody hears of this node: after the patience of the others, one of them takes over.
            return time.GetElapsedTime(run.HeardAt) > RunLeases.Patience ? RunOrders.LeaseIsLost : RunOrders.GoOn;
        }
    }
}

/// <summary>A run of this node.</summary>
internal sealed class ActiveRun(RunOrder order, IReadOnlyList<string> leases)
{
    public RunOrder Order => order;

    public IReadOnlyList<string> Leases => leases;

    /// <summary>What it was told last.</summary>
    public RunOrders Orders { get; set; }

    /// <summary>When it was last heard of, as a timestamp of the clock.</summary>
    public long HeardAt { get; set; }

    /// <summary>Completes when the run has ended and that is written down.</summary>
    public Task Ended { get; set; } = Task.CompletedTask;
}

/// <summary>Hears of runs that have ended.</summary>
internal interface IRunObserver
{
    /// <summary>Called once for each end that was written down.</summary>
    Task EndedAsync(string runId, CancellationToken cancel);
}
