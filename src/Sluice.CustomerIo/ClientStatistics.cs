using Sluice.CustomerIo.Errors;
using Sluice.CustomerIo.Http;

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

/// <summary>What the client's statistics are made of.</summary>
internal sealed class Counters
{
    private readonly long[] _retries = new long[Enum.GetValues<CustomerIoErrorKind>().Length];
    private long _requests;
    private long _rateLimited;
    private long _received;
    private long _sent;

    public void Attempted(Call call, Failure? failure, long bytes, bool isRetried)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _sent, call.Request.Body.Length);
        Interlocked.Add(ref _received, bytes);
        if (failure?.Kind == CustomerIoErrorKind.RateLimited)
        {
            Interlocked.Increment(ref _rateLimited);
        }

        if (failure is not null && isRetried)
        {
            Interlocked.Increment(ref _retries[(int)failure.Kind]);
        }
    }

    public ClientStatistics Snapshot() => new()
    {
        Requests = Interlocked.Read(ref _requests),
        RateLimited = Interlocked.Read(ref _rateLimited),
        BytesReceived = Interlocked.Read(ref _received),
        BytesSent = Interlocked.Read(ref _sent),
        Retries = Enum.GetValues<CustomerIoErrorKind>()
            .Select(kind => KeyValuePair.Create(kind, Interlocked.Read(ref _retries[(int)kind])))
            .Where(pair => pair.Value > 0)
            .ToDictionary(),
    };
}
