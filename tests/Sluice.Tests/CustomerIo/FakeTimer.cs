namespace Sluice.Tests.CustomerIo;

/// <summary>A timer that fires when its clock says so.</summary>
internal sealed class FakeTimer(FakeTime clock, TimerCallback callback, object? state) : ITimer
{
    public TimeSpan Due { get; private set; } = TimeSpan.MaxValue;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        Due = dueTime == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : clock.Elapsed + dueTime;
        return true;
    }

    public void Fire()
    {
        Due = TimeSpan.MaxValue;
        callback(state);
    }

    public void Dispose() => clock.Remove(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
