using System.Globalization;
using Sluice.Engine;

namespace Sluice.Server.Dashboard;

/// <summary>Times in the words of pages.</summary>
internal static class Times
{
    private const string Utc = "UTC";

    /// <summary>A time in a zone, as in <c>Mon 30 Nov 06:00 America/Los_Angeles</c>; with the year when it is another one.</summary>
    public static string Full(DateTimeOffset time, string? zone, DateTimeOffset now) => $"{Plain(time, zone, now)} {zone ?? Utc}";

    /// <summary>The same without the name of the zone.</summary>
    public static string Plain(DateTimeOffset time, string? zone, DateTimeOffset now)
    {
        var (there, today) = (In(time, zone), In(now, zone));
        return there.ToString(there.Year == today.Year ? "ddd d MMM HH:mm" : "d MMM yyyy HH:mm", CultureInfo.InvariantCulture);
    }

    /// <summary>How long ago, or in how long.</summary>
    public static string Ago(DateTimeOffset time, DateTimeOffset now) => time > now ? $"in {Span(time - now)}" : $"{Span(now - time)} ago";

    /// <summary>A length of time in its largest unit: the script writes it in the same way.</summary>
    public static string Span(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span switch
    {
        { TotalSeconds: < 60 } => $"{(int)span.TotalSeconds} s",
        { TotalMinutes: < 60 } => $"{(int)span.TotalMinutes} min",
        { TotalHours: < 48 } => $"{(int)span.TotalHours} h",
        _ => $"{(int)span.TotalDays} d",
    }}");

    /// <summary>How long a run took.</summary>
    public static string Took(DateTimeOffset from, DateTimeOffset until) => NumberFormat.Span(until - from);

    /// <summary>For programs, and for the tooltip.</summary>
    public static string Exact(DateTimeOffset time) => NumberFormat.Time(time);

    public static string Day(DateOnly day) => day.ToString("ddd d MMM", CultureInfo.InvariantCulture);

    private static DateTimeOffset In(DateTimeOffset time, string? zone) =>
        zone is null ? time.ToUniversalTime() : TimeZoneInfo.ConvertTime(time, TimeZoneInfo.FindSystemTimeZoneById(zone));
}
