using System.Globalization;
using System.Text;

namespace Sluice.Server.Notifications;

/// <summary>What messages say, in plain text of one line each.</summary>
internal static class NotificationText
{
    private const int LongestSummary = 400;

    /// <summary>A line for the head of a mail, or above a list.</summary>
    public static string Subject(IReadOnlyList<NotificationFacts> all) =>
        $"Sluice: {Head(all[0])}" + (all.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $", and {all.Count - 1} more") : "");

    /// <summary>The lines about one sync or push.</summary>
    public static IEnumerable<string> Lines(NotificationFacts facts)
    {
        if (facts.Event == NotificationWords.Test)
        {
            return [$"This is a test of Sluice on {Plain(facts.Name)}. Messages arrive here."];
        }

        var since = facts.Since is { } at ? Time(at, facts.TimeZone) : "";
        string?[] lines =
        [
            facts.Event switch
            {
                NotificationWords.StillFailing => $"{Upper(Name(facts))} has been failing since {since}.",
                NotificationWords.Late => $"{Upper(Name(facts))} is late: what was due on {since} has not been done."
                    + (facts.IsRunning ? " A run is under way." : ""),
                NotificationWords.Recovered => $"{Upper(Name(facts))} has recovered: it was failing or late since {since}.",
                _ => $"{Upper(Name(facts))} failed.",
            },
            facts.Summary is { } summary ? $"The last run: {Short(Plain(summary))}" : null,
            facts.DataAsOf is { } asOf ? $"The data is as of {Time(asOf, facts.TimeZone)}." : "No run has been good yet.",
            facts.Page?.AbsoluteUri,
        ];
        return lines.OfType<string>();
    }

    /// <summary>A text without what ends a line, moves a cursor or turns the direction of letters.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var isHarmless = Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse);
            plain.Append(isHarmless ? rune.ToString() : " ");
        }

        return plain.ToString();
    }

    private static string Head(NotificationFacts facts) => facts.Event switch
    {
        NotificationWords.Test => "a test",
        NotificationWords.StillFailing => $"{Name(facts)} is still failing",
        NotificationWords.Late => $"{Name(facts)} is late",
        NotificationWords.Recovered => $"{Name(facts)} has recovered",
        _ => $"{Name(facts)} failed",
    };

    private static string Name(NotificationFacts facts) => $"the {facts.Kind} {Plain(facts.Name)}";

    private static string Upper(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Short(string text) => text.Length <= LongestSummary ? text : text[..LongestSummary] + " …";

    private static string Time(DateTimeOffset at, string zone) => $"{at.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} {zone}";
}
