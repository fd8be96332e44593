namespace Sluice.Simulator.Data;

/// <summary>The simulation's clock; it runs with the real clock unless frozen, and can be advanced.</summary>
internal sealed class SimulatedClock : TimeProvider
{
    private readonly TimeProvider _real;
    private readonly bool _frozen;
    private readonly DateTimeOffset _realStart;
    private long _advancedTicks;

    public SimulatedClock(TimeProvider real, DateTimeOffset? start, bool frozen)
    {
        _real = real;
        _frozen = frozen;
        _realStart = real.GetUtcNow();
        Start = DateTimeOffset.FromUnixTimeSeconds((start ?? _realStart).ToUnixTimeSeconds());
    }

    /// <summary>The clock's start, in whole seconds: all data is generated relative to it.</summary>
    public DateTimeOffset Start { get; }

    public long Seconds => GetUtcNow().ToUnixTimeSeconds();

    public override DateTimeOffset GetUtcNow()
    {
        var running = _frozen ? TimeSpan.Zero : _real.GetUtcNow() - _realStart;
        return Start + running + TimeSpan.FromTicks(Interlocked.Read(ref _advancedTicks));
    }

    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        Interlocked.Add(ref _advancedTicks, by.Ticks);
    }
}
