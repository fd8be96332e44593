namespace Sluice.Server.Webhooks;

/// <summary>Whether there is place for more events, looked at now and then: the disk must not be full before somebody is told.</summary>
internal sealed class InboxLimits(ServerOptions options, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long? _lookedAt;
    private string? _why;
    private long _waiting;
    private long _added;

    /// <summary>Events that have been added since somebody asked last.</summary>
    public long TakeAdded() => Interlocked.Exchange(ref _added, 0);

    /// <summary>Notes that an event was added.</summary>
    public void Added()
    {
        Interlocked.Increment(ref _added);
        Interlocked.Increment(ref _waiting);
    }

    /// <summary>Notes how many events wait.</summary>
    public void Waiting(long events) => Interlocked.Exchange(ref _waiting, events);

    /// <summary>Why nothing is taken; null when there is place.</summary>
    public string? WhyFull()
    {
        lock (_lock)
        {
            if (_lookedAt is not { } at || time.GetElapsedTime(at) >= Look)
            {
                _lookedAt = time.GetTimestamp();
                _why = Interlocked.Read(ref _waiting) >= options.Webhooks.MostWaiting ? "too many events wait to be folded"
                    : Free() < options.Webhooks.LeastFreeBytes ? "the disk of the work folder is almost full"
                    : null;
            }

            return _why;
        }
    }

    private long Free()
    {
        var drive = new DriveInfo(Path.GetFullPath(options.WorkFolder));
        return drive.TotalSize > 0 ? drive.AvailableFreeSpace : long.MaxValue;
    }
}
