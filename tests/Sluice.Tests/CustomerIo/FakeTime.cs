namespace Sluice.Tests.CustomerIo;

/// <summary>A clock that stands still until it is advanced.</summary>
internal sealed class FakeTime : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Lock _gate = new();
    private readonly List<FakeTimer> _timers = [];
    private TimeSpan _elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public TimeSpan Elapsed
    {
        get
        {
            lock (_gate)
            {
                return _elapsed;
            }
        }
    }

    public override long GetTimestamp() => Elapsed.Ticks;

    public override DateTimeOffset GetUtcNow() => Start + Elapsed;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        lock (_gate)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    public void Advance(TimeSpan step)
    {
        FakeTimer[] due;
        lock (_gate)
        {
            _elapsed += step;
            due = [.. _timers.Where(timer => timer.Due <= _elapsed).OrderBy(timer => timer.Due)];
        }

        foreach (FakeTimer timer in due)
        {
            timer.Fire();
        }
    }

    /// <summary>Advances in steps until the work is done; gives up after a while of real time.</summary>
    public async Task<T> RunAsync<T>(Task<T> work, TimeSpan step)
    {
        for (int i = 0; i < 20_000 && !work.IsCompleted; i++)
        {
            Advance(step);
            await Task.Delay(1, CancellationToken.None);
        }

        return await work.WaitAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>Lets everything run that waits for no clock.</summary>
    public static async Task SettleAsync()
    {
        for (int i = 0; i < 20; i++)
        {
            await Task.Delay(1, CancellationToken.None);
        }
    }

    public void Remove(FakeTimer timer)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
        }
    }
}
