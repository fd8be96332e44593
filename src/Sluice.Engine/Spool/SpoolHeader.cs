namespace Sluice.Engine.Spool;

/// <summary>What makes a spool on disk the spool of this extraction: another fingerprint is another question to Customer.io.</summary>
internal sealed record SpoolHeader(string Fingerprint, DateTimeOffset Now)
{
    /// <summary>An unfinished listing older than this is thrown away: it would be a mix of two days.</summary>
    public static readonly TimeSpan AgeOfAListing = TimeSpan.FromHours(24);

    /// <summary>Windows of the past hold as long as a look-back reads again what may have changed in them.</summary>
    public static readonly TimeSpan AgeOfWindows = TimeSpan.FromDays(14);

    /// <summary>The age at which an unfinished spool is thrown away.</summary>
    public TimeSpan MaxAge { get; init; } = AgeOfAListing;

    /// <summary>Where the records begin in time; null for all. A spool that begins earlier holds everything that is asked for.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Whether a spool that begins with this line holds the answer, or a part of it.</summary>
    public bool IsMetBy(ManifestEntry first) =>
        first.Kind == ManifestEntry.Feed
        && string.Equals(first.Fingerprint, Fingerprint, StringComparison.Ordinal)
        && Now - DateTimeOffset.FromUnixTimeSeconds(first.Began) < MaxAge
        && (first.From is null || first.From <= From?.ToUnixTimeSeconds());

    /// <summary>The first line of a new spool.</summary>
    public ManifestEntry ToEntry() => new()
    {
        Kind = ManifestEntry.Feed,
        SpoolId = Guid.NewGuid().ToString("N"),
        Fingerprint = Fingerprint,
        Began = Now.ToUnixTimeSeconds(),
        From = From?.ToUnixTimeSeconds(),
    };
}
