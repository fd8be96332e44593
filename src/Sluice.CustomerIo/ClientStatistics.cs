namespace Sluice.CustomerIo;

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
