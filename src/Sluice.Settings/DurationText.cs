using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.Engine;

namespace Sluice.Settings;

/// <summary>Reads lengths of time as people write them: <c>45s</c>, <c>90m</c>, <c>12h</c>, <c>30d</c>, <c>1h30m</c>.</summary>
public static partial class DurationText
{
    /// <summary>Reads an option's value; gives null when nothing was said, and when it was wrong, which is noted.</summary>
    public static TimeSpan? Read(string option, string? text, Mistakes mistakes)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (Parse(text.Trim()) is { } duration)
        {
            return duration;
        }

        mistakes.Add($"{option} is no length of time: '{text}'.", "Write it as 45s, 90m, 12h, 30d or 1h30m.");
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
