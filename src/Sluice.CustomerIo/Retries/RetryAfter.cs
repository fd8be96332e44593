using System.Net.Http.Headers;

namespace Sluice.CustomerIo.Retries;

/// <summary>The server's wish, in seconds or as a date, brought into 0 to 120 s: an absurd one must not stop a run for a day.</summary>
internal static class RetryAfter
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(120);

    public static TimeSpan? Read(RetryConditionHeaderValue? header, TimeProvider time) => header switch
    {
        { Delta: { } delta } => Clamp(delta),
        { Date: { } date } => Clamp(date - time.GetUtcNow()),
        _ => null,
    };

    private static TimeSpan Clamp(TimeSpan wish) => wish < TimeSpan.Zero ? TimeSpan.Zero : wish > Longest ? Longest : wish;
}
