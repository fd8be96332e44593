namespace Sluice.Simulator.Http;

/// <summary>Lets at most so many requests through in any window that ends now; those it refuses do not count.</summary>
internal sealed class SlidingWindow(int limit, TimeSpan window)
{
    private readonly Queue<TimeSpan> _accepted = new();
    private readonly Lock _gate = new();

    /// <summary>A window of one second for whole rates, and one request a longer window for rates under one.</summary>
    public static SlidingWindow? PerSecond(double rate)
        => rate <= 0 ? null : rate < 1 ? new SlidingWindow(1, TimeSpan.FromSeconds(1 / rate)) : new SlidingWindow((int)rate, TimeSpan.FromSeconds(1));

    /// <summary>Null when the request may pass, else how long until one may.</summary>
    public TimeSpan? Take(TimeSpan arrival)
    {
        lock (_gate)
        {
            while (_accepted.TryPeek(out var oldest) && oldest <= arrival - window)
            {
                _accepted.Dequeue();
            }

            if (_accepted.Count < limit)
            {
                _accepted.Enqueue(arrival);
                return null;
            }

            return _accepted.Peek() + window - arrival;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _accepted.Clear();
        }
    }
}
