namespace Sluice.CustomerIo;

/// <summary>What one attempt did, for debug logging; it never holds keys or bodies.</summary>
public sealed record AttemptRecord
{
    /// <summary>Method and path.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The encoded query without its question mark, or "".</summary>
    public string Query { get; init; } = "";

    /// <summary>The attempt's number within its request, from 1.</summary>
    public int Attempt { get; init; }

    /// <summary>The HTTP status, if an answer came.</summary>
    public int? Status { get; init; }

    /// <summary>What went wrong, or null when nothing did.</summary>
    public CustomerIoErrorKind? Error { get; init; }

    /// <summary>The failure in words, redacted.</summary>
    public string? Detail { get; init; }

    /// <summary>Time from the start of sending to the whole answer or the failure.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Size of the decompressed answer in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>The wait before the next attempt, or null if there is none.</summary>
    public TimeSpan? RetryIn { get; init; }
}

/// <summary>What a client did so far: a snapshot.</summary>
public sealed record ClientStatistics
{
    /// <summary>Requests that left or tried to leave, retries included.</summary>
    public long Requests { get; init; }

    /// <summary>Requests that were repeated, by the reason; reasons that never came are absent.</summary>
    public IReadOnlyDictionary<CustomerIoErrorKind, long> Retries { get; init; } = new Dictionary<CustomerIoErrorKind, long>();

    /// <summary>Answers of 429.</summary>
    public long RateLimited { get; init; }

    /// <summary>Bytes of answers, after decompression.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Bytes of request bodies.</summary>
    public long BytesSent { get; init; }
}
