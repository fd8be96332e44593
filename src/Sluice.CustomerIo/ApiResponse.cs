namespace Sluice.CustomerIo;

/// <summary>A complete answer with a 2xx status.</summary>
public sealed class ApiResponse
{
    /// <summary>The HTTP status, 200 to 299.</summary>
    public required int Status { get; init; }

    /// <summary>The body as valid UTF-8 JSON without a byte order mark; empty when the answer has none, other text only for writes.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The server's clock (its Date header), to the second.</summary>
    public DateTimeOffset? ServerTime { get; init; }

    /// <summary>How many attempts it took, at least 1.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>Time spent waiting for the budget and between attempts.</summary>
    public TimeSpan Waited { get; init; }
}
