using System.Globalization;

namespace Sluice.Server.Control;

/// <summary>Times and ids as the control database keeps them.</summary>
internal static class ControlTime
{
    /// <summary>Unix milliseconds of a time.</summary>
    public static long Of(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    /// <summary>The time of unix milliseconds, in UTC.</summary>
    public static DateTimeOffset Read(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    /// <summary>The same of a column that may be NULL.</summary>
    public static DateTimeOffset? Read(long? milliseconds) => milliseconds is { } there ? Read(there) : null;

    /// <summary>A new id, which sorts by time.</summary>
    public static string NewId(DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyyMMdd'T'HHmmssfff'Z'}-{Guid.NewGuid().ToString("N")[..6]}");
}
