namespace Sluice.CustomerIo.Http;

/// <summary>A complete answer with a 2xx status, not yet looked into.</summary>
internal sealed record Answer(int Status, ReadOnlyMemory<byte> Body, DateTimeOffset? ServerTime, string? ContentType)
{
    public bool IsDeclaredJson => ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) ?? false;
}
