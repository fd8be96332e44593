namespace Sluice.Simulator.Http;

/// <summary>The request budgets of one workspace.</summary>
internal sealed class RequestBudgets(SimulatorOptions options)
{
    private readonly SlidingWindow? _app = SlidingWindow.PerSecond(options.RequestsPerSecond);
    private readonly SlidingWindow? _send = options.RequestsPerSecond > 0 ? SlidingWindow.PerSecond(100) : null;
    private readonly SlidingWindow? _trigger = options.RequestsPerSecond > 0 ? SlidingWindow.PerSecond(0.1) : null;
    private readonly SlidingWindow _archive = new(100, TimeSpan.FromDays(1));
    private readonly SlidingWindow? _track = SlidingWindow.PerSecond(options.TrackRequestsPerSecond);

    /// <summary>Null if the request is allowed, otherwise the limit that refuses it.</summary>
    public OverLimit? Take(Access access, TimeSpan arrival) => access switch
    {
        Access.App => _app?.Take(arrival),
        Access.AppSend => _send?.Take(arrival),
        Access.AppTrigger => _trigger?.Take(arrival),
        Access.AppArchive => _app?.Take(arrival) ?? _archive.Take(arrival),
        Access.Track or Access.TrackOpen => _track?.Take(arrival),
        _ => null,
    };

    public void Clear()
    {
        foreach (var window in new[] { _app, _send, _trigger, _archive, _track })
        {
            window?.Clear();
        }
    }
}

/// <summary>A sliding-window rate limit; rejected requests do not count.</summary>
internal sealed class SlidingWindow(int limit, TimeSpan window)
{
    private readonly Queue<TimeSpan> _accepted = new();
    private readonly Lock _gate = new();

    /// <summary>A window of one second for rates of at least 1, and one request per longer window for lower rates.</summary>
    public static SlidingWindow? PerSecond(double rate)
        => rate <= 0 ? null : rate < 1 ? new SlidingWindow(1, TimeSpan.FromSeconds(1 / rate)) : new SlidingWindow((int)rate, TimeSpan.FromSeconds(1));

    /// <summary>Null if the request is allowed.</summary>
    public OverLimit? Take(TimeSpan arrival)
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

            return new OverLimit(limit, window, _accepted.Peek() + window - arrival);
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

/// <summary>A limit that a request is over, and the time until one is allowed.</summary>
internal sealed record OverLimit(int Limit, TimeSpan Window, TimeSpan Wait)
{
    public bool IsDaily => Window >= TimeSpan.FromDays(1);
}
