using System.Text;

namespace Sluice.Engine.Masking;

/// <summary>Leaves of a text what lets people recognize it who know it.</summary>
internal static class PartialText
{
    public const string Hidden = "***";
    private const int LettersShown = 2;
    private const int ShortestShown = 8;

    // Letters are runes: half of one would be no text.
    public static string Of(string text)
    {
        var letters = text.EnumerateRunes().ToArray();
        if (DomainOf(text) is { } domain)
        {
            return $"{letters[0]}{Hidden}{domain}";
        }

        return letters.Length < ShortestShown ? Hidden : $"{Join(letters[..LettersShown])}{Hidden}{Join(letters[^LettersShown..])}";
    }

    private static string? DomainOf(string text)
    {
        var at = text.LastIndexOf('@');
        return at > 0 && at < text.Length - 1 && !text.Any(char.IsWhiteSpace) ? text[at..] : null;
    }

    private static string Join(IEnumerable<Rune> letters) => string.Concat(letters.Select(letter => letter.ToString()));
}
