namespace Sluice.Tests.CustomerIo;

/// <summary>
/// A clock that jumps ahead whenever somebody waits, so that backoff takes no time; waits from 45 s on (attempt timeouts), or from another length on,
/// never end.
/// </summary>
internal sealed class InstantTime(TimeSpan? heldFrom = null) : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly TimeSpan _heldFrom = heldFrom ?? TimeSpan.FromSeconds(45);
    private long _elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _elapsed);

    public override DateTimeOffset GetUtcNow() => Start.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        bool jumps = dueTime >= TimeSpan.Zero && dueTime < _heldFrom;
        if (!jumps)
        {
            return System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        Interlocked.Add(ref _elapsed, dueTime.Ticks);
        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
