using Sluice.CustomerIo.Failures;

namespace Sluice.CustomerIo.Retries;

/// <summary>Decides for one request whether and when it is tried again.</summary>
internal sealed class RetryPlan(CustomerIoOptions options, Jitter jitter, TimeProvider time, bool isRead)
{
    private int _failures;
    private int _rateLimits;
    private long? _firstFailure;

    /// <summary>The wait before the next attempt, or null to give up.</summary>
    public TimeSpan? Next(Failure failure)
    {
        if (!failure.IsTransient || (!isRead && !failure.IsUnprocessed))
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
}
