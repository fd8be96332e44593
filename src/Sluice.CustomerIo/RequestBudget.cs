using Sluice.CustomerIo.RateLimit;

namespace Sluice.CustomerIo;

/// <summary>
/// Lets requests start at a steady pace, first come first served, so that no second holds more of them than the workspace's limit;
/// one object serves all readers, retries and writes of a workspace.
/// </summary>
public sealed class RequestBudget
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _queue = new();
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly Pacer _pacer;
    private long _firstStart = -1;
    private long _waited;
    private long _slowDowns;

    /// <summary>Makes a budget of so many requests a second, above 0 and at most 10,000; below 1 the window grows (0.1 means one in 10 s).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not above 0 or above 10,000.</exception>
    public RequestBudget(double requestsPerSecond, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        if (requestsPerSecond is not (> 0 and <= 10_000))
        {
            throw new ArgumentOutOfRangeException(
                nameof(requestsPerSecond), requestsPerSecond, "Requests per second must be above 0 and at most 10,000.");
        }

        RequestsPerSecond = requestsPerSecond;
        _time = time;
        _origin = time.GetTimestamp();
        _pacer = new Pacer(requestsPerSecond);
    }

    /// <summary>The allowed rate.</summary>
    public double RequestsPerSecond { get; }

    /// <summary>What the budget was used for so far.</summary>
    public BudgetUsage Usage
    {
        get
        {
            lock (_gate)
            {
                return Measure(Now());
            }
        }
    }

    /// <summary>Waits for one's turn; the request must be sent at once afterwards.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled; the place in the queue is free again.</exception>
    public async ValueTask AcquireAsync(CancellationToken cancel) => await EnterAsync(cancel);

    /// <summary>Lets nobody start before the delay is over; afterwards starts go on at the normal pace, without a burst.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative.</exception>
    public void SlowDown(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        lock (_gate)
        {
            _slowDowns++;
            _pacer.SlowDown(Now(), delay.Ticks);
        }
    }

    internal async ValueTask<BudgetSlot> EnterAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        LinkedListNode<Waiter> place = Join();
        try
        {
            await place.Value.Turn.Task.WaitAsync(cancel);
            BudgetSlot slot;
            // The start is marked here, in the caller's own flow, and not where a timer fires: what counts is when the request leaves.
            while (!TryStart(place.Value, out slot, out TimeSpan wait))
            {
                // Looks again from time to time: an answer can bring the turn forward.
                await Task.Delay(wait < LongestSleep ? wait : LongestSleep, _time, cancel);
            }

            return slot;
        }
        finally
        {
            Leave(place);
        }
    }

    internal void Connecting(long number)
    {
        lock (_gate)
        {
            _pacer.Connecting(number);
        }
    }

    internal void Sent(long number)
    {
        lock (_gate)
        {
            _pacer.Sent(number, Now());
        }
    }

    internal void Answered(long number)
    {
        lock (_gate)
        {
            _pacer.Answered(number, Now());
        }
    }

    private LinkedListNode<Waiter> Join()
    {
        lock (_gate)
        {
            LinkedListNode<Waiter> place = _queue.AddLast(new Waiter(Now()));
            _queue.First!.Value.Turn.TrySetResult();
            return place;
        }
    }

    private void Leave(LinkedListNode<Waiter> place)
    {
        lock (_gate)
        {
            _queue.Remove(place);
            _queue.First?.Value.Turn.TrySetResult();
        }
    }

    private bool TryStart(Waiter waiter, out BudgetSlot slot, out TimeSpan wait)
    {
        lock (_gate)
        {
            long now = Now();
            long left = _pacer.Due(waiter.ReadyAt) - now;
            slot = default;
            // Timers count whole milliseconds and cut the rest off: round up, or they would wake us too early.
            wait = TimeSpan.FromMilliseconds((left + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond);
            if (left > 0)
            {
                return false;
            }

            _firstStart = _firstStart < 0 ? now : _firstStart;
            _waited += now - waiter.ReadyAt;
            slot = new BudgetSlot(this, _pacer.Begin(waiter.ReadyAt, now), TimeSpan.FromTicks(now - waiter.ReadyAt));
            return true;
        }
    }

    private BudgetUsage Measure(long now)
    {
        double elapsed = _firstStart < 0 ? 0 : TimeSpan.FromTicks(now - _firstStart + _pacer.Spacing).TotalSeconds;
        return new BudgetUsage
        {
            Granted = _pacer.Started,
            Waited = TimeSpan.FromTicks(_waited),
            SlowDowns = _slowDowns,
            CurrentRate = _pacer.StartsWithin(now, _pacer.Window) / TimeSpan.FromTicks(_pacer.Window).TotalSeconds,
            Utilisation = elapsed > 0 ? Math.Min(1, _pacer.Started / (RequestsPerSecond * elapsed)) : 0,
        };
    }

    private long Now() => _time.GetElapsedTime(_origin).Ticks;
}

/// <summary>What a request budget was used for so far: a snapshot.</summary>
public sealed record BudgetUsage
{
    /// <summary>Requests that were let through.</summary>
    public long Granted { get; init; }

    /// <summary>Time the callers waited for their turn, added up over all of them.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>How often the budget was told to slow down.</summary>
    public long SlowDowns { get; init; }

    /// <summary>Requests a second over the latest window.</summary>
    public double CurrentRate { get; init; }

    /// <summary>The share of the allowed requests that were made since the first one, 0 to 1.</summary>
    public double Utilisation { get; init; }
}
