namespace Sluice.Server.Webhooks;

/// <summary>How webhooks are received and folded.</summary>
public sealed record WebhookOptions
{
    /// <summary>How long events wait at most before they are folded.</summary>
    public TimeSpan FoldEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Events after which they are folded at once.</summary>
    public int FoldAt { get; init; } = 5_000;

    /// <summary>The most events of one fold.</summary>
    public int MostInFold { get; init; } = 50_000;

    /// <summary>The most bytes of one fold.</summary>
    public long MostBytesInFold { get; init; } = 64L << 20;

    /// <summary>
    /// How old the time of sending may be. The vendor tries for seven days and does not say whether a later try is signed anew; an event that is
    /// received twice changes nothing.
    /// </summary>
    public TimeSpan OldestSent { get; init; } = TimeSpan.FromDays(8);

    /// <summary>How far ahead of this machine's clock the time of sending may be.</summary>
    public TimeSpan NewestSent { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Time for a request's body to come; the vendor waits as long for the answer.</summary>
    public TimeSpan ReadTime { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Free bytes on the disk of the work folder below which nothing more is taken.</summary>
    public long LeastFreeBytes { get; init; } = 256L << 20;

    /// <summary>Events in the inbox above which nothing more is taken.</summary>
    public long MostWaiting { get; init; } = 20_000_000;

    /// <summary>Signatures that may be wrong in a minute from one address before longer bodies from there are not read any more.</summary>
    public int MostBadSignatures { get; init; } = 20;
}
