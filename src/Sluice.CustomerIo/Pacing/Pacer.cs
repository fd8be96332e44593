namespace Sluice.CustomerIo.Pacing;

/// <summary>
/// The pacing rule, free of clocks and threads; all times are ticks of 100 ns on one monotonic clock.
/// The server counts arrivals in any sliding second. Start n therefore waits until start n-N is a whole window old: by the pigeonhole
/// principle no window can then hold more than N, in whatever order the requests arrive. What remains is the spread of the way to the
/// server, for which the window has a margin, and connections that must be opened first, for which a start counts as later.
/// </summary>
internal sealed class Pacer
{
    private const long Margin = 20 * TimeSpan.TicksPerMillisecond;
    private const long ColdHold = 200 * TimeSpan.TicksPerMillisecond;
    private const long IdleLimit = 60 * TimeSpan.TicksPerSecond;
    private const long LongAgo = long.MinValue / 4;

    private readonly long[] _arrivals;
    private readonly long _minimumGap;
    private readonly long _maximumCatchUp;
    private int _coldLeft;
    private long _lastStart = LongAgo;
    private long _pace = LongAgo;
    private long _blockedUntil = LongAgo;

    public Pacer(double requestsPerSecond)
    {
        int count = Math.Max(1, (int)requestsPerSecond);
        _arrivals = new long[count];
        _arrivals.AsSpan().Fill(LongAgo);
        Window = (long)Math.Ceiling(count / requestsPerSecond * TimeSpan.TicksPerSecond) + Margin;
        Spacing = Window / count;
        // Timers tick in milliseconds: below a few of them, gaps would cost throughput; there the window alone holds the limit.
        _minimumGap = Spacing >= 4 * TimeSpan.TicksPerMillisecond ? Spacing / 2 : 0;
        _maximumCatchUp = Window / 2;
    }

    public long Window { get; }

    public long Spacing { get; }

    public long Started { get; private set; }

    /// <summary>When the next start is allowed, for a caller that has been ready since then.</summary>
    public long Due(long readyAt) =>
        Math.Max(Math.Max(Target(readyAt), _lastStart + _minimumGap), _arrivals[Slot(Started)] + Window);

    /// <summary>Marks a start that happens now and gives its number.</summary>
    public long Start(long readyAt, long now)
    {
        // The pace goes on evenly from where the start should have been: a late timer is caught up, not added up.
        _pace = Math.Max(Target(readyAt), now - _maximumCatchUp);
        if (now - _lastStart > IdleLimit)
        {
            _coldLeft = _arrivals.Length;
        }

        bool cold = _coldLeft > 0;
        _coldLeft -= cold ? 1 : 0;
        _lastStart = now;
        _arrivals[Slot(Started)] = cold ? now + ColdHold : now;
        return Started++;
    }

    /// <summary>The request has left: later than marked if the thread was held up in between.</summary>
    public void Sent(long start, long now) => Change(start, arrival => Math.Max(arrival, now));

    /// <summary>The answer is there, so the request arrived before now.</summary>
    public void Answered(long start, long now) => Change(start, arrival => Math.Min(arrival, now));

    /// <summary>The request waits for a new connection and arrives later than others.</summary>
    public void Connecting(long start, long now) => Change(start, arrival => Math.Max(arrival, now + ColdHold));

    public void SlowDown(long now, long delay) => _blockedUntil = Math.Max(_blockedUntil, now + delay);

    public int StartsWithin(long now, long span) => _arrivals.Count(arrival => arrival > now - span);

    private long Target(long readyAt) => Math.Max(Math.Max(_pace + Spacing, readyAt), _blockedUntil);

    private int Slot(long start) => (int)(start % _arrivals.Length);

    private void Change(long start, Func<long, long> change)
    {
        if (Started - start <= _arrivals.Length)
        {
            _arrivals[Slot(start)] = change(_arrivals[Slot(start)]);
        }
    }
}
