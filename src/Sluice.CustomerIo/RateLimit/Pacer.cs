using System.Runtime.InteropServices;

namespace Sluice.CustomerIo.RateLimit;

/// <summary>
/// The pacing rule, free of clocks and threads; all times are ticks of 100 ns on one monotonic clock.
/// The server counts arrivals in any sliding second. Start n therefore waits until start n-N is a whole window old: by the pigeonhole
/// principle no window can then hold more than N, in whatever order the requests arrive. What remains is the spread of the way to the
/// server, for which the window has a margin, and connections that must be opened first: such a start counts from its answer.
/// </summary>
internal sealed class Pacer
{
    private const long Margin = 20 * TimeSpan.TicksPerMillisecond;
    private const long ColdHold = 200 * TimeSpan.TicksPerMillisecond;
    private const long LongestColdHold = 2 * TimeSpan.TicksPerSecond;
    private const long IdleLimit = 60 * TimeSpan.TicksPerSecond;
    private const long LongAgo = long.MinValue / 4;

    private readonly Start[] _starts;
    private readonly long _minimumGap;
    private readonly long _maximumCatchUp;
    private int _coldLeft;
    private long _lastStart = LongAgo;
    private long _pace = LongAgo;
    private long _blockedUntil = LongAgo;

    public Pacer(double requestsPerSecond)
    {
        int count = Math.Max(1, (int)requestsPerSecond);
        _starts = new Start[count];
        _starts.AsSpan().Fill(new Start(LongAgo, LongAgo, false, false));
        Window = (long)Math.Ceiling(count / requestsPerSecond * TimeSpan.TicksPerSecond) + Margin;
        Spacing = Window / count;
        // Timers are late by some milliseconds: where that is a good part of the spacing, a gap would cost throughput, and the window alone
        // holds the limit.
        _minimumGap = Spacing >= Margin ? Spacing / 2 : 0;
        _maximumCatchUp = Window / 2;
    }

    public long Window { get; }

    public long Spacing { get; }

    public long Started { get; private set; }

    /// <summary>When the next start is allowed, for a caller that has been ready since then.</summary>
    public long Due(long readyAt) =>
        Math.Max(Math.Max(Target(readyAt), _lastStart + _minimumGap), _starts[Slot(Started)].Arrival + Window);

    /// <summary>Marks a start that happens now and gives its number.</summary>
    public long Begin(long readyAt, long now)
    {
        // The pace goes on evenly from where the start should have been: a late timer is caught up, not added up.
        _pace = Math.Max(Target(readyAt), now - _maximumCatchUp);
        if (now - _lastStart > IdleLimit)
        {
            _coldLeft = _starts.Length;
        }

        bool cold = _coldLeft > 0;
        _coldLeft -= cold ? 1 : 0;
        _lastStart = now;
        _starts[Slot(Started)] = new Start(now, cold ? now + ColdHold : now, cold, false);
        return Started++;
    }

    /// <summary>
    /// The request has left: later than marked if the thread was held up in between. A cold one may still be opening its connection, or wake
    /// up the other side; its answer will tell how long that took.
    /// </summary>
    public void Sent(long start, long now)
    {
        if (IsKnown(start))
        {
            ref Start sent = ref _starts[Slot(start)];
            sent.Arrival = Math.Max(sent.Arrival, sent.IsCold ? sent.At + LongestColdHold : now);
        }
    }

    /// <summary>The answer is there, so the request arrived before now.</summary>
    public void Answered(long start, long now)
    {
        if (IsKnown(start))
        {
            ref Start answered = ref _starts[Slot(start)];
            answered.Arrival = Math.Min(answered.Arrival, now);
            answered.IsAnswered = true;
        }
    }

    /// <summary>The request waits for a new connection and arrives later than others.</summary>
    public void Connecting(long start)
    {
        // A connection may be opened for a request that another one, just free again, has served meanwhile.
        if (IsKnown(start) && !_starts[Slot(start)].IsAnswered)
        {
            ref Start connecting = ref _starts[Slot(start)];
            connecting.IsCold = true;
            connecting.Arrival = connecting.At + LongestColdHold;
        }
    }

    public void SlowDown(long now, long delay) => _blockedUntil = Math.Max(_blockedUntil, now + delay);

    public int StartsWithin(long now, long span) => _starts.Count(start => start.At > now - span);

    private long Target(long readyAt) => Math.Max(Math.Max(_pace + Spacing, readyAt), _blockedUntil);

    private int Slot(long start) => (int)(start % _starts.Length);

    private bool IsKnown(long start) => Started - start <= _starts.Length;
}

/// <summary>One start and what is known of its arrival at the server.</summary>
[StructLayout(LayoutKind.Auto)]
internal record struct Start(long At, long Arrival, bool IsCold, bool IsAnswered);

/// <summary>One granted start, by which the client tells the budget what became of it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BudgetSlot(RequestBudget Budget, long Number, TimeSpan Waited)
{
    public void Connecting() => Budget.Connecting(Number);

    public void Sent() => Budget.Sent(Number);

    public void Answered() => Budget.Answered(Number);
}

internal sealed class Waiter(long readyAt)
{
    public long ReadyAt { get; } = readyAt;

    /// <summary>Completes when everybody who came before has started or left.</summary>
    public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
