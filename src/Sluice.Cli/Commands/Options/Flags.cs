using System.CommandLine;
using System.Globalization;
using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Cli.Commands;

/// <summary>The values of options: from the arguments, else from the environment.</summary>
internal sealed class Flags(ParseResult parsed, SettingsLookup settings)
{
    private static readonly string[] Yes = ["1", "true", "yes", "on"];

    public string? Text(Option<string?> option) => IsGiven(option) ? parsed.GetValue(option) : settings.Find(Flag.Variable(option));

    public IReadOnlyList<string> List(Option<string[]> option) =>
        IsGiven(option) ? parsed.GetValue(option) ?? [] : settings.Find(Flag.Variable(option)) is { } text ? [text] : [];

    public bool IsOn(Option<bool> option) =>
        IsGiven(option) ? parsed.GetValue(option) : Yes.Contains(settings.Find(Flag.Variable(option)), StringComparer.OrdinalIgnoreCase);

    public string? Argument(Argument<string?> argument) => parsed.GetValue(argument);

    public IReadOnlyList<string> Arguments(Argument<string[]> argument) => parsed.GetValue(argument) ?? [];

    /// <summary>Whether the command was asked for its result as JSON.</summary>
    public bool IsJson =>
        parsed.CommandResult.Command.Options.OfType<Option<bool>>().FirstOrDefault(option => option.Name == "--json") is { } json && IsOn(json);

    /// <summary>Whether the option stands among the arguments.</summary>
    public bool IsGiven(Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>One of some words; the first one when nothing is said.</summary>
    public string Word(Option<string?> option, IReadOnlyList<string> words, ValidationErrors mistakes)
    {
        if (Text(option) is not { } text)
        {
            return words[0];
        }

        var word = words.FirstOrDefault(word => word.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase));
        if (word is null)
        {
            mistakes.Add($"{option.Name} can't be '{text}'.", Suggestion.For(text, words) ?? $"There are {string.Join(", ", words)}.");
        }

        return word ?? words[0];
    }

    /// <summary>A whole number in a range.</summary>
    public int? Whole(Option<string?> option, int least, int most, ValidationErrors mistakes) =>
        (int?)Number(option, least, most, NumberStyles.None, mistakes);

    /// <summary>A number in a range.</summary>
    public double? Number(Option<string?> option, double least, double most, ValidationErrors mistakes) =>
        Number(option, least, most, NumberStyles.AllowDecimalPoint, mistakes);

    private double? Number(Option<string?> option, double least, double most, NumberStyles style, ValidationErrors mistakes)
    {
        if (Text(option) is not { } text)
        {
            return null;
        }

        if (double.TryParse(text, style, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        mistakes.Add(string.Create(CultureInfo.InvariantCulture, $"{option.Name} is no number from {least} to {most}: '{text}'."));
        return null;
    }
}

/// <summary>Makes options. They are all text: what they mean is read in one place for arguments and environment variables alike.</summary>
internal static class Flag
{
    public static Option<string?> Text(string name, string value, string description) => new(name) { HelpName = value, Description = description };

    public static Option<string[]> Several(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description, Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };

    public static Option<bool> Switch(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>The environment variable that stands in for an option: <c>SLUICE_DEST_URI</c> for <c>--dest-uri</c>.</summary>
    public static string Variable(Option option) => "SLUICE_" + option.Name.TrimStart('-').Replace('-', '_').ToUpperInvariant();
}
