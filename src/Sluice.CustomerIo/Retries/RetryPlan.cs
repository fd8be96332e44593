using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using Sluice.CustomerIo.Errors;

namespace Sluice.CustomerIo.Retries;

/// <summary>Decides for one request whether and when it is tried again.</summary>
internal sealed class RetryPlan(CustomerIoOptions options, Jitter jitter, TimeProvider time, bool isRepeatable)
{
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(120);

    private int _failures;
    private int _rateLimits;
    private long? _firstFailure;

    /// <summary>What a Retry-After header asks for, brought into 0 to 120 s: an absurd one must not stop a run for a day.</summary>
    public static TimeSpan? WaitAskedFor(RetryConditionHeaderValue? header, TimeProvider time) => header switch
    {
        { Delta: { } delta } => Clamp(delta),
        { Date: { } date } => Clamp(date - time.GetUtcNow()),
        _ => null,
    };

    /// <summary>The wait before the next attempt, or null to give up.</summary>
    public TimeSpan? Next(Failure failure)
    {
        if (!failure.IsTransient || failure.IsQuotaOfTheDay || (!isRepeatable && !failure.IsUnprocessed))
        {
            return null;
        }

        _firstFailure ??= time.GetTimestamp();
        TimeSpan? wait = failure.Kind == CustomerIoErrorKind.RateLimited ? AfterRateLimit(failure) : AfterFailure(failure);
        return wait is { } delay && time.GetElapsedTime(_firstFailure.Value) + delay <= options.MaxRetryTime ? delay : null;
    }

    // The server's wish counts; but one that wishes for no wait again and again would be asked without end.
    private TimeSpan AfterRateLimit(Failure failure)
    {
        _rateLimits++;
        bool isWish = failure.RetryAfter is { } wish && (wish > TimeSpan.Zero || _rateLimits == 1);
        return isWish ? failure.RetryAfter!.Value : jitter.AtLeastHalf(_rateLimits);
    }

    private TimeSpan? AfterFailure(Failure failure)
    {
        if (++_failures >= options.MaxAttempts)
        {
            return null;
        }

        TimeSpan wait = jitter.Full(_failures);
        return failure.RetryAfter > wait ? failure.RetryAfter : wait;
    }

    private static TimeSpan Clamp(TimeSpan wait) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestRetryAfter ? LongestRetryAfter : wait;
}

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
