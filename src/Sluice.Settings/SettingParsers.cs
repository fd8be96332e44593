using System.Globalization;
using System.Text.RegularExpressions;
using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Settings;

/// <summary>Reads <c>--deletes</c>.</summary>
internal static class DeletePolicyText
{
    private static readonly Dictionary<string, DeletePolicy> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["soft"] = DeletePolicy.Soft,
        ["hard"] = DeletePolicy.Hard,
        ["ignore"] = DeletePolicy.Ignore,
    };

    public static IReadOnlyCollection<string> WordList => Words.Keys;

    public static DeletePolicy Read(string? text, ValidationErrors mistakes)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return DeletePolicy.Soft;
        }

        if (Words.TryGetValue(text.Trim(), out var policy))
        {
            return policy;
        }

        mistakes.Add($"--deletes can't be '{text}'.", Suggestion.For(text, Words.Keys) ?? $"There are {string.Join(", ", Words.Keys)}.");
        return DeletePolicy.Soft;
    }
}

/// <summary>Reads <c>--schema-contract</c>.</summary>
public static class SchemaContractText
{
    /// <summary>The words.</summary>
    public static IReadOnlyList<string> Words { get; } = [.. Enum.GetNames<SchemaContract>().Select(name => name.ToLowerInvariant())];

    /// <summary>Reads the word, evolve when there is none, and notes a word that does not exist.</summary>
    public static SchemaContract Read(string? text, ValidationErrors mistakes)
    {
        var word = text?.Trim().ToLowerInvariant();
        if (word is not { Length: > 0 })
        {
            return SchemaContract.Evolve;
        }

        var place = Words.ToList().IndexOf(word);
        if (place >= 0)
        {
            return (SchemaContract)place;
        }

        mistakes.Add($"There is no schema contract '{text}'.", Suggestion.For(word, Words) ?? $"There are {string.Join(", ", Words)}.");
        return SchemaContract.Evolve;
    }
}

/// <summary>Reads <c>--lookback</c> and <c>--cutoff-days</c>.</summary>
internal static class LookBackText
{
    private const int MostDays = 180;

    public static TimeSpan? Read(string? lookBack, string? cutoffDays, ValidationErrors mistakes)
    {
        if (!string.IsNullOrWhiteSpace(lookBack) && !string.IsNullOrWhiteSpace(cutoffDays))
        {
            mistakes.Add("--lookback and --cutoff-days say the same thing: give one of them.");
        }

        var wanted = DurationText.Read("--lookback", lookBack, mistakes) ?? Days(cutoffDays, mistakes);
        if (wanted > TimeSpan.FromDays(MostDays))
        {
            mistakes.Add(
                string.Create(CultureInfo.InvariantCulture, $"A look-back of {wanted.Value.TotalDays:0.#} days is longer than {MostDays}."),
                "Customer.io changes no delivery after six months: 180d reads all that can change.");
        }

        return wanted;
    }

    private static TimeSpan? Days(string? text, ValidationErrors mistakes)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= 100_000)
        {
            return TimeSpan.FromDays(days);
        }

        mistakes.Add($"--cutoff-days is no number of days: '{text}'.", "Write it as --cutoff-days 30.");
        return null;
    }
}

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
    public static Interval Read(string? start, string? end, ValidationErrors mistakes)
    {
        var interval = new Interval(Instant("--interval-start", start, mistakes), Instant("--interval-end", end, mistakes));
        if (interval is { Start: { } from, End: { } to } && from > to)
        {
            mistakes.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The interval starts at {from:yyyy-MM-dd HH:mm:ss}Z, after its end at {to:yyyy-MM-dd HH:mm:ss}Z."),
                "Exchange --interval-start and --interval-end.");
        }

        return interval;
    }

    /// <summary>Reads one instant; null when nothing was said, and when it was wrong, which is noted.</summary>
    public static DateTimeOffset? Instant(string option, string? text, ValidationErrors mistakes)
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

/// <summary>Reads lengths of time as people write them: <c>45s</c>, <c>90m</c>, <c>12h</c>, <c>30d</c>, <c>1h30m</c>.</summary>
public static partial class DurationText
{
    /// <summary>Reads an option's value; gives null when nothing was said, and when it was wrong, which is noted.</summary>
    public static TimeSpan? Read(string option, string? text, ValidationErrors mistakes)
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

/// <summary>Reads which members of the records' object become columns.</summary>
public static class FlatteningText
{
    private const string All = "all";

    /// <summary>Reads <c>all</c> or names, repeated or with commas; null when nothing was said, and when it was wrong, which is noted.</summary>
    public static Flattening? Read(TableName table, Resource resource, IReadOnlyList<string> words, ValidationErrors mistakes)
    {
        var names = ColumnChoice.Names(words).Distinct(StringComparer.Ordinal).ToList();
        if (names.Count == 0)
        {
            return null;
        }

        if (resource.Flatten is not { } rule)
        {
            mistakes.Add(
                $"{table} has no object whose members could become columns.", "flatten is for customer_attributes and activities, for example.");
            return null;
        }

        return new Flattening(rule, names is [All] ? [] : names);
    }
}
