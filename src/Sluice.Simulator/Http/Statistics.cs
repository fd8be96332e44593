using System.Text.Json;

namespace Sluice.Simulator.Http;

/// <summary>Counts requests, except those to the control API.</summary>
internal sealed class Statistics
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, long> _byRoute = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, long> _byStatus = [];
    private readonly SortedDictionary<string, long> _faults = new(StringComparer.Ordinal);
    private readonly Queue<TimeSpan> _lastSecond = new();
    private long _requests;
    private int _busiestSecond;
    private DateTimeOffset? _firstAt;
    private DateTimeOffset? _lastAt;

    public void RequestArrived(TimeSpan stamp, DateTimeOffset at, string route)
    {
        lock (_gate)
        {
            _requests++;
            _byRoute[route] = _byRoute.GetValueOrDefault(route) + 1;
            _firstAt ??= at;
            _lastAt = at;
            _lastSecond.Enqueue(stamp);
            while (_lastSecond.Peek() <= stamp - TimeSpan.FromSeconds(1))
            {
                _lastSecond.Dequeue();
            }

            _busiestSecond = Math.Max(_busiestSecond, _lastSecond.Count);
        }
    }

    public void ResponseSent(int status)
    {
        lock (_gate)
        {
            _byStatus[status] = _byStatus.GetValueOrDefault(status) + 1;
        }
    }

    public void FaultApplied(string fault)
    {
        lock (_gate)
        {
            _faults[fault] = _faults.GetValueOrDefault(fault) + 1;
        }
    }

    public void Reset()
    {
        lock (_gate)
        {
            _faults.Clear();
            _byRoute.Clear();
            _byStatus.Clear();
            _lastSecond.Clear();
            (_requests, _busiestSecond, _firstAt, _lastAt) = (0, 0, null, null);
        }
    }

    public void Write(Utf8JsonWriter writer)
    {
        lock (_gate)
        {
            writer.WriteNumber("requests", _requests);
            WriteCounts(writer, "byRoute", _byRoute);
            WriteCounts(writer, "byStatus", _byStatus);
            WriteCounts(writer, "faults", _faults);
            writer.WriteNumber("busiestSecond", _busiestSecond);
            writer.WriteNumber("rate429", _requests == 0 ? 0 : (double)_byStatus.GetValueOrDefault(429) / _requests);
            writer.WriteString("firstAt", _firstAt?.ToString("O"));
            writer.WriteString("lastAt", _lastAt?.ToString("O"));
        }
    }

    private static void WriteCounts<T>(Utf8JsonWriter writer, string name, IEnumerable<KeyValuePair<T, long>> counts)
    {
        writer.WriteStartObject(name);
        foreach (var (key, count) in counts)
        {
            writer.WriteNumber($"{key}", count);
        }

        writer.WriteEndObject();
    }
}
