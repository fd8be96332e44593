using System.Diagnostics.CodeAnalysis;

namespace Sluice.CustomerIo.Retries;

/// <summary>Random waits that grow, from one seed for all requests of a client.</summary>
internal sealed class Jitter(int seed)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private readonly Lock _gate = new();

    [SuppressMessage("Security", "CA5394", Justification = "Spreads retries, guards nothing")]
    private readonly Random _random = new(seed);

    /// <summary>Anything from nothing to the full wait, which doubles with each failure: what many clients at once need.</summary>
    public TimeSpan Full(int failures) => Wait(failures) * Next();

    /// <summary>At least half of the wait: a limit that was hit needs some time in any case.</summary>
    public TimeSpan AtLeastHalf(int failures) => Wait(failures + 1) * ((1 + Next()) / 2);

    private static TimeSpan Wait(int failures) => TimeSpan.FromTicks((long)Math.Min(Longest.Ticks, First.Ticks * Math.Pow(2, failures - 1)));

    [SuppressMessage("Security", "CA5394", Justification = "Spreads retries, guards nothing")]
    private double Next()
    {
        lock (_gate)
        {
            return _random.NextDouble();
        }
    }
}
