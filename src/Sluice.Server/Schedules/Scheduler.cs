using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Sluice.Engine;
using Sluice.Server.Control;
using Sluice.Server.Pipelines;
using Sluice.Server.Runs;
using Sluice.Settings.Pipelines;

namespace Sluice.Server.Schedules;

/// <summary>
/// Looks what is due: at each due time, and every few seconds besides, because a file or a clock may have been changed. It only puts requests into
/// the queue.
/// </summary>
internal sealed class Scheduler(
    PipelineStore pipelines, DueTimes dueTimes, ControlDatabase control, RunQueue queue, ServerOptions options, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    // Longer without a look is an outage: the machine slept, or the process was stopped for a while.
    private static readonly TimeSpan Gap = TimeSpan.FromMinutes(1);

    private DateTimeOffset? _awake;
    private DateTimeOffset? _asleep;
    private DateTimeOffset _looked;

    /// <summary>What went wrong at the last look, by the name of what is due; the others are not kept from their times by that.</summary>
    public IReadOnlyDictionary<string, string> Problems { get; private set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>When it last looked and got to the end; null before the first time.</summary>
    public DateTimeOffset? LookedAt { get; private set; }

    /// <summary>Settles all that is due now; gives when the next time is due.</summary>
    public async Task<DateTimeOffset?> LookAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await WakeUpAsync(now, cancel);
        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        var next = new List<DateTimeOffset?>();
        foreach (var (target, schedule) in await ScheduledAsync(cancel))
        {
            try
            {
                if (await dueTimes.SettleAsync(target, schedule, now, _awake!.Value, _asleep, cancel) is not null)
                {
                    queue.Wake();
                }

                next.Add(schedule.Next(now));
            }
            catch (Exception error) when (error is SluiceException or DbException or ArgumentException or InvalidOperationException)
            {
                problems[DueTimes.Key(target)] = error.Message;
            }
        }

        await ForgetAsync(cancel);
        await HeartbeatAsync(now, cancel);
        Problems = problems;
        LookedAt = now;
        return next.Min();
    }

    /// <summary>What has a schedule, in the order of the file.</summary>
    public async Task<IReadOnlyList<(RunTarget Target, PipelineSchedule Schedule)>> ScheduledAsync(CancellationToken cancel)
    {
        var file = (await pipelines.ReadAsync(cancel)).File;
        return
        [
            .. file.Syncs.Select(sync => (new RunTarget(sync.Name, RunKind.Sync), sync.Schedule))
                .Concat(file.Pushes.Select(push => (new RunTarget(push.Name, RunKind.Push), push.Schedule)))
                .Where(one => one.Schedule is not null)
                .Select(one => (one.Item1, one.Schedule!)),
        ];
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            DateTimeOffset? next = null;
            try
            {
                next = await LookAsync(stoppingToken);
            }
            catch (Exception error) when (error is SluiceException or DbException)
            {
                Problems = new Dictionary<string, string>(StringComparer.Ordinal) { [options.PipelineFile] = error.Message };
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            var wait = next is { } due && due - time.GetUtcNow() is var left && left < Look ? left : Look;
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1), time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // A schedule that was taken away and comes back later begins anew, and makes up for nothing.
    private async Task ForgetAsync(CancellationToken cancel)
    {
        var file = (await pipelines.ReadAsync(cancel)).File;
        if (file.ValidationErrors.Count > 0)
        {
            return;
        }

        var there = (await ScheduledAsync(cancel)).Select(one => DueTimes.Key(one.Target)).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in (await control.ListAsync<string>("SELECT name FROM schedules", null, cancel)).Where(name => !there.Contains(name)))
        {
            await control.ExecuteAsync("DELETE FROM schedules WHERE name = @Name", new { Name = gone }, cancel);
        }
    }

    // Other nodes count too: as long as one of them was up, nothing was missed.
    private async Task WakeUpAsync(DateTimeOffset now, CancellationToken cancel)
    {
        if (_awake is not null && now - _looked < Gap)
        {
            _looked = now;
            return;
        }

        var heard = ControlTime.Read(await control.FindAsync<long?>("SELECT max(heartbeat_at) FROM nodes", null, cancel));
        _asleep = heard;
        _awake = now;
        _looked = now;
    }

    private Task HeartbeatAsync(DateTimeOffset now, CancellationToken cancel) => control.ExecuteAsync(
        """
        INSERT INTO nodes (name, version, started_at, heartbeat_at) VALUES (@Name, @Version, @Now, @Now)
        ON CONFLICT (name) DO UPDATE SET heartbeat_at = @Now, version = @Version,
            started_at = CASE WHEN @Started = @Now THEN @Now ELSE nodes.started_at END
        """,
        new
        {
            Name = options.Node,
            Version = typeof(Scheduler).Assembly.GetName().Version?.ToString(3) ?? "",
            Now = ControlTime.Of(now),
            Started = ControlTime.Of(_awake!.Value),
        },
        cancel);
}
