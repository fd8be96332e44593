using Sluice.CustomerIo.Errors;

namespace Sluice.CustomerIo.Http;

/// <summary>Makes something of a complete body; a <see cref="System.Text.Json.JsonException"/> says that the body is damaged.</summary>
internal delegate Reading<T> BodyReading<T>(ApiResponse answer, Call call)
    where T : class;

/// <summary>What a valid body said: a value, or an error that came with a status of success.</summary>
internal sealed record Reading<T>(T? Value, ErrorBody? Reported)
    where T : class;

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
