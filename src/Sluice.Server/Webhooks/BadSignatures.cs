using System.Collections.Concurrent;

namespace Sluice.Server.Webhooks;

/// <summary>Counts wrong signatures by address, so that a flood of them costs little. Right ones are not counted, and never kept waiting.</summary>
internal sealed class BadSignatures(int most, TimeProvider time)
{
    private const int MostAddresses = 10_000;
    private readonly ConcurrentDictionary<string, (long Minute, int Count)> _counts = new(StringComparer.Ordinal);

    private long Minute => time.GetUtcNow().ToUnixTimeSeconds() / 60;

    /// <summary>Whether so many came from an address in this minute that the next are not worth reading.</summary>
    public bool IsTooMany(string address) => _counts.TryGetValue(address, out var count) && count.Minute == Minute && count.Count >= most;

    /// <summary>Counts one.</summary>
    public void Add(string address)
    {
        var now = Minute;
        if (_counts.Count >= MostAddresses)
        {
            foreach (var old in _counts.Where(pair => pair.Value.Minute != now))
            {
                _counts.TryRemove(old);
            }
        }

        if (_counts.Count < MostAddresses)
        {
            _counts.AddOrUpdate(address, (now, 1), (_, had) => had.Minute == now ? (now, had.Count + 1) : (now, 1));
        }
    }
}
