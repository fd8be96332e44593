using Sluice.CustomerIo.Failures;

namespace Sluice.CustomerIo.Http;

/// <summary>What one attempt gave: a value or a failure.</summary>
internal sealed record Outcome<T>(T? Value, Failure? Failure)
    where T : class
{
    /// <summary>The wait before the next attempt, or null when this was the last.</summary>
    public TimeSpan? RetryIn { get; init; }

    public int? Status { get; init; }

    public long Bytes { get; init; }

    public DateTimeOffset? ServerTime { get; init; }
}
