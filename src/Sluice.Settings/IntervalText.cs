using System.Globalization;
using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Settings;

/// <summary>Reads the ends of an interval: dates and date-times, in UTC unless they say otherwise.</summary>
public static class IntervalText
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mmK",
        "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>Reads both ends, of which each may be missing, and notes what is wrong; a date means its midnight.</summary>
    public static Interval Read(string? start, string? end, Mistakes mistakes)
    {
        var interval = new Interval(Instant("--interval-start", start, mistakes), Instant("--interval-end", end, mistakes));
        if (interval is { Start: { } from, End: { } to } && from > to)
        {
            mistakes.Add(
                string.Create(CultureInfo.InvariantCulture, $"The interval starts at {from:yyyy-MM-dd HH:mm:ss}Z, after its end at {to:yyyy-MM-dd HH:mm:ss}Z."),
                "Exchange --interval-start and --interval-end.");
        }

        return interval;
    }

    /// <summary>Reads one instant; null when nothing was said, and when it was wrong, which is noted.</summary>
    public static DateTimeOffset? Instant(string option, string? text, Mistakes mistakes)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (DateTimeOffset.TryParseExact(
            text.Trim(), Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant))
        {
            return instant;
        }

        mistakes.Add($"{option} is no date: '{text}'.", "Write it as 2024-01-31, 2024-01-31T12:00:00 (UTC) or 2024-01-31T12:00:00+02:00.");
        return null;
    }
}
