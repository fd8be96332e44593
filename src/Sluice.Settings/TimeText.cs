using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Settings;

/// <summary>Reads dates and date-times, in UTC unless they say otherwise.</summary>
public static class IntervalText
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mmK",
        "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>Reads one instant; null when nothing was said, and when it was wrong, which is noted.</summary>
    public static DateTimeOffset? Instant(SettingKey key, string? text, ValidationErrors mistakes)
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

        mistakes.Add(key, $"{key} is no date: '{text}'.", "Write it as 2024-01-31, 2024-01-31T12:00:00 (UTC) or 2024-01-31T12:00:00+02:00.");
        return null;
    }
}

/// <summary>Reads lengths of time as people write them: <c>45s</c>, <c>90m</c>, <c>12h</c>, <c>30d</c>, <c>1h30m</c>.</summary>
public static partial class DurationText
{
    /// <summary>Reads an option's value; gives null when nothing was said, and when it was wrong, which is noted.</summary>
    public static TimeSpan? Read(SettingKey key, string? text, ValidationErrors mistakes)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (Parse(text.Trim()) is { } duration)
        {
            return duration;
        }

        mistakes.Add(key, $"{key} is no length of time: '{text}'.", "Write it as 45s, 90m, 12h, 30d or 1h30m.");
        return null;
    }

    private static TimeSpan? Parse(string text)
    {
        var parts = Grammar().Match(text);
        return parts.Success
            ? new TimeSpan(Number(parts, "d"), Number(parts, "h"), Number(parts, "m"), Number(parts, "s"))
            : null;
    }

    private static int Number(Match parts, string unit) =>
        parts.Groups[unit].Success ? int.Parse(parts.Groups[unit].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    // Six digits are more than anybody waits, and no sum of them overflows.
    [GeneratedRegex(
        @"^(?=\d)((?<d>\d{1,6})d)?((?<h>\d{1,6})h)?((?<m>\d{1,6})m)?((?<s>\d{1,6})s)?$",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex Grammar();
}

/// <summary>
/// Checks a time table of five fields, as cron and most schedulers take it: minute, hour, day of the month, month, day of the week.
/// </summary>
internal static class CronText
{
    private const string Fix = "Write minute, hour, day of the month, month and day of the week, as in \"0 6 * * *\" for six every morning.";

    private static readonly (string Name, int Least, int Most, string[] Words)[] Fields =
    [
        ("minute", 0, 59, []),
        ("hour", 0, 23, []),
        ("day of the month", 1, 31, []),
        ("month", 1, 12, ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]),
        ("day of the week", 0, 7, ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]),
    ];

    public static void Check(SettingKey name, string text, ValidationErrors mistakes)
    {
        var parts = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != Fields.Length)
        {
            mistakes.Add(name, $"{name} has {parts.Length} fields instead of 5: '{text}'.", Fix);
            return;
        }

        var isGood = true;
        foreach (var (part, field) in parts.Zip(Fields))
        {
            if (part.Split(',').FirstOrDefault(one => !IsGood(one, field)) is { } wrong)
            {
                isGood = false;
                mistakes.Add(name, $"{name}: the {field.Name} can't be '{wrong}' in '{text}'; it goes from {field.Least} to {field.Most}.", Fix);
            }
        }

        if (isGood && CronTimes.Problem(text) is { } problem)
        {
            mistakes.Add(name, $"{name} can't be '{text}': {problem}", Fix);
        }
    }

    // A star or a range or one value, and a step behind it.
    private static bool IsGood(string text, (string Name, int Least, int Most, string[] Words) field)
    {
        var (place, step) = Split(text, '/');
        if (step is not null && !(Number(step) is > 0 and var wide && wide <= field.Most))
        {
            return false;
        }

        if (place == "*")
        {
            return true;
        }

        var (from, to) = Split(place, '-');
        var first = Value(from, field);
        var last = to is null ? first : Value(to, field);
        return first is not null && last is not null && first <= last;
    }

    private static int? Value(string text, (string Name, int Least, int Most, string[] Words) field)
    {
        var word = Array.FindIndex(field.Words, word => word.Equals(text, StringComparison.OrdinalIgnoreCase));
        var value = word >= 0 ? word + field.Least : Number(text);
        return value >= field.Least && value <= field.Most ? value : null;
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static (string First, string? Second) Split(string text, char at)
    {
        var place = text.IndexOf(at, StringComparison.Ordinal);
        return place < 0 ? (text, null) : (text[..place], text[(place + 1)..]);
    }
}

/// <summary>Reads the name of a time zone.</summary>
internal static class TimeZoneText
{
    public static void Check(SettingKey name, string text, ValidationErrors mistakes) => Read(name, text, mistakes);

    /// <summary>Gives the zone's name in the IANA database, which systems have other names for, or null if the system knows no such zone.</summary>
    public static string? Read(SettingKey name, string text, ValidationErrors mistakes)
    {
        if (TimeZoneInfo.TryFindSystemTimeZoneById(text, out var zone))
        {
            return TimeZoneInfo.TryConvertWindowsIdToIanaId(zone.Id, out var iana) ? iana : zone.Id;
        }

        mistakes.Add(
            name,
            $"{name}: this system knows no time zone '{text}'.",
            Suggestion.For(text, TimeZoneInfo.GetSystemTimeZones().Select(known => known.Id))
                ?? "Use a name of the IANA database, as Europe/Berlin, America/Los_Angeles or UTC.");
        return null;
    }
}
