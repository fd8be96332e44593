namespace Sluice.Engine.Spool;

/// <summary>What makes a spool on disk the spool of this feed: another fingerprint is another question to Customer.io.</summary>
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
}
