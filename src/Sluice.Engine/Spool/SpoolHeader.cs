namespace Sluice.Engine.Spool;

/// <summary>What makes a spool on disk the spool of this feed: another fingerprint is another question to Customer.io.</summary>
internal sealed record SpoolHeader(string Fingerprint, DateTimeOffset Now)
{
    /// <summary>An unfinished spool older than this is thrown away: its listing would be a mix of two days.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromHours(24);
}
