using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Sluice.Server.Webhooks;

/// <summary>What is to be seen of webhooks: how much came, what was refused and why, and how folding goes. Safe for use from any thread.</summary>
internal sealed class WebhookStatus(TimeProvider time)
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Sluice.Webhooks";

    private const int Minutes = 60;
    private const int MostRefusals = 20;

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Events = Meter.CreateCounter<long>("sluice.webhooks.events", description: "Events that were received");
    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>("sluice.webhooks.refusals", description: "Requests that were refused");
    private static readonly Histogram<double> Seconds = Meter.CreateHistogram<double>(
        "sluice.webhooks.seconds", "s", "Time from the last byte of a request to its answer");

    private readonly (long Minute, long Count)[] _minutes = new (long, long)[Minutes];
    private readonly Lock _lock = new();
    private readonly Queue<WebhookRefusal> _refusals = new();
    private readonly ConcurrentDictionary<string, FoldStatus> _folds = new(StringComparer.Ordinal);
    private long _received;
    private long _doubled;
    private long _refused;

    /// <summary>Events since the start.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Of those, how many waited in the inbox already.</summary>
    public long Doubled => Interlocked.Read(ref _doubled);

    /// <summary>Requests that were refused since the start.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>The last refusals, the newest first.</summary>
    public IReadOnlyList<WebhookRefusal> LastRefusals
    {
        get
        {
            lock (_lock)
            {
                return [.. _refusals.Reverse()];
            }
        }
    }

    /// <summary>How the last fold of each sync's workspace went.</summary>
    public IReadOnlyList<FoldStatus> Folds => [.. _folds.Values.OrderBy(fold => fold.Workspace, StringComparer.Ordinal)
        .ThenBy(fold => fold.Sync, StringComparer.Ordinal)];

    /// <summary>How many events came in each of the last minutes, the oldest first; the last is the one that goes on.</summary>
    public IReadOnlyList<long> ReceivedByMinute()
    {
        var now = Minute();
        lock (_lock)
        {
            return
            [
                .. Enumerable.Range(0, Minutes)
                    .Select(ago => now - Minutes + 1 + ago)
                    .Select(minute => _minutes[minute % Minutes] is var slot && slot.Minute == minute ? slot.Count : 0),
            ];
        }
    }

    /// <summary>Notes an event that is kept.</summary>
    public void Accept(bool isNew, TimeSpan took)
    {
        Interlocked.Increment(ref _received);
        if (!isNew)
        {
            Interlocked.Increment(ref _doubled);
        }

        Events.Add(1);
        Seconds.Record(took.TotalSeconds);
        var now = Minute();
        lock (_lock)
        {
            ref var slot = ref _minutes[now % Minutes];
            slot = (now, slot.Minute == now ? slot.Count + 1 : 1);
        }
    }

    /// <summary>Notes a request that was refused.</summary>
    public void Refuse(int code, string workspace, string why, string? address)
    {
        Interlocked.Increment(ref _refused);
        Refusals.Add(1, new KeyValuePair<string, object?>("code", code));
        lock (_lock)
        {
            _refusals.Enqueue(new WebhookRefusal(time.GetUtcNow(), code, workspace, why, address));
            if (_refusals.Count > MostRefusals)
            {
                _refusals.Dequeue();
            }
        }
    }

    /// <summary>Notes how a fold went.</summary>
    public void Fold(FoldStatus fold) => _folds[$"{fold.Workspace}\n{fold.Sync}"] = fold;

    private long Minute() => time.GetUtcNow().ToUnixTimeSeconds() / 60;
}

/// <summary>A request that was refused.</summary>
/// <param name="At">When.</param>
/// <param name="Code">The answer.</param>
/// <param name="Workspace">The workspace in its address, as it was written there and no longer than a name.</param>
/// <param name="Why">Why.</param>
/// <param name="Address">Who sent it.</param>
internal sealed record WebhookRefusal(DateTimeOffset At, int Code, string Workspace, string Why, string? Address);

/// <summary>How the last fold of a workspace into a sync's destination went.</summary>
/// <param name="Workspace">The workspace.</param>
/// <param name="Sync">The sync.</param>
/// <param name="At">When it ended.</param>
/// <param name="Events">Events that were folded.</param>
/// <param name="Rows">Rows of messages that were written.</param>
/// <param name="Error">What went wrong; null when nothing did.</param>
internal sealed record FoldStatus(string Workspace, string Sync, DateTimeOffset At, long Events, long Rows, string? Error);
