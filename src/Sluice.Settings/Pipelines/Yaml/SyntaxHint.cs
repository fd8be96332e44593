using YamlDotNet.Core;

namespace Sluice.Settings.Pipelines.Yaml;

/// <summary>What to do about YAML that can't be read: the slips that people make, looked for in the line itself.</summary>
internal static class SyntaxHint
{
    private const string Usual = "Look at the blanks in front of this line and the one above, at quotes that are not closed, and at brackets.";

    /// <summary>The parser's words as a part of a sentence.</summary>
    public static string Sentence(YamlException error)
    {
        var message = error.Message;

        // Some messages begin with the place, which is told anyway.
        var colon = message.StartsWith('(') ? message.IndexOf("): ", StringComparison.Ordinal) : -1;
        var words = (colon < 0 ? message : message[(colon + "): ".Length)..]).TrimEnd('.');
        return words.Length == 0 ? "it ends where nobody expects it" : char.ToLowerInvariant(words[0]) + words[1..];
    }

    /// <summary>Where the slip is: a line that begins with a tab goes on with the one above, as far as the parser can see.</summary>
    public static Place Place(string text, Place place)
    {
        var next = Line(text, place.Line + 1);
        return IsTabbed(next) && !IsTabbed(Line(text, place.Line)) ? new Place(place.Line + 1, 1) : place;
    }

    public static string For(string text, Place place)
    {
        var line = Line(text, place.Line);
        var value = line[(line.IndexOf(": ", StringComparison.Ordinal) is var colon and >= 0 ? colon + 2 : 0)..].TrimStart(' ', '-');
        return line switch
        {
            _ when IsTabbed(line) => "YAML is indented by blanks: replace the tab in front of this line.",
            _ when line.Contains("${", StringComparison.Ordinal)
                    && line.TrimStart(' ', '-').IndexOfAny(['{', '[']) is var open
                    && open >= 0
                    && open < line.TrimStart(' ', '-').IndexOf("${", StringComparison.Ordinal) =>
                "Within { } and [ ] a variable needs quotes: \"${NAME}\".",
            _ when value.StartsWith('*') => "A value that begins with * needs quotes, as in cron: \"*/10 * * * *\".",
            _ when value.Length > 0 && "@`%&!|>{}[]".Contains(value[0], StringComparison.Ordinal) =>
                $"A value that begins with {value[0]} needs quotes.",
            _ when value.Contains(": ", StringComparison.Ordinal) => "A value with a colon and a blank in it needs quotes.",
            _ => Usual,
        };
    }

    private static string Line(string text, int number) => text.ReplaceLineEndings("\n").Split('\n').ElementAtOrDefault(number - 1) ?? "";

    private static bool IsTabbed(string line) => line.TakeWhile(char.IsWhiteSpace).Contains('\t');
}
