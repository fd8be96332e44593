using System.Globalization;
using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Settings.Pipelines;

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

    public static void Check(string name, string text, ValidationErrors mistakes)
    {
        var parts = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != Fields.Length)
        {
            mistakes.Add($"{name} has {parts.Length} fields instead of 5: '{text}'.", Fix);
            return;
        }

        foreach (var (part, field) in parts.Zip(Fields))
        {
            if (part.Split(',').FirstOrDefault(one => !IsGood(one, field)) is { } wrong)
            {
                mistakes.Add($"{name}: the {field.Name} can't be '{wrong}' in '{text}'; it goes from {field.Least} to {field.Most}.", Fix);
            }
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

/// <summary>Checks the name of a time zone.</summary>
internal static class TimeZoneText
{
    public static void Check(string name, string text, ValidationErrors mistakes)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(text, out _))
        {
            mistakes.Add(
                $"{name}: this system knows no time zone '{text}'.",
                Suggestion.For(text, TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id))
                    ?? "Use a name of the IANA database, as Europe/Berlin, America/Los_Angeles or UTC.");
        }
    }
}
