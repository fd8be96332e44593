using System.Security.Cryptography;
using System.Text;

namespace Sluice.Engine.Masking;

/// <summary>The masks of a run and the salt that they share, so that a value has the same hash in every table.</summary>
/// <param name="masks">The masks, each column once.</param>
/// <param name="salt">The salt, or null for plain hashes.</param>
public sealed class MaskSet(IReadOnlyList<Mask> masks, MaskSalt? salt = null)
{
    /// <summary>No masks.</summary>
    public static MaskSet None { get; } = new([]);

    /// <summary>The masks in the order in which they were given.</summary>
    public IReadOnlyList<Mask> Masks { get; } = masks;

    /// <summary>Whether values are hashed without a salt, so that whoever guesses a value can find it.</summary>
    public bool IsUnsalted => salt is null && Masks.Any(mask => mask.Method == MaskMethod.Sha256);

    /// <summary>Differs whenever the same record would be masked otherwise; empty when nothing is masked.</summary>
    internal string Fingerprint =>
        Masks.Count == 0
            ? ""
            : string.Join(',', Masks.Select(mask => mask.ToString().ToLowerInvariant()).Order(StringComparer.Ordinal))
                + $"|{Hex(SHA256.HashData(salt?.Key ?? []))}";

    /// <summary>Tells which columns are masked, and nothing of the salt.</summary>
    public override string ToString() => string.Join(',', Masks);

    // Nothing is no secret, and a hash of it would look like a value.
    internal string Apply(MaskMethod method, string text) => text.Length == 0 ? text : method switch
    {
        MaskMethod.Sha256 => Hash(Encoding.UTF8.GetBytes(text)),
        MaskMethod.Redact => PartialText.Hidden,
        MaskMethod.Partial => PartialText.Of(text),
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "No such mask."),
    };

    private string Hash(byte[] value) => Hex(salt is null ? SHA256.HashData(value) : HMACSHA256.HashData(salt.Key, value));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}

/// <summary>What keeps hashes from being looked up: whoever does not have it can't try out addresses against them.</summary>
/// <param name="text">The salt as it was set.</param>
public sealed class MaskSalt(string text)
{
    internal byte[] Key { get; } = Encoding.UTF8.GetBytes(text);

    /// <summary>Never gives the salt.</summary>
    public override string ToString() => "***";
}

/// <summary>A column whose values are hidden before anything is stored.</summary>
/// <param name="Column">The name of a column or a field, or with dots a path in the record; case does not matter.</param>
/// <param name="Method">What takes the place of its values.</param>
public sealed record Mask(string Column, MaskMethod Method)
{
    /// <summary>Whether it names one path instead of a name anywhere.</summary>
    public bool IsPath => Column.Contains('.', StringComparison.Ordinal);

    /// <summary>Gives the mask as it is written in a configuration: <c>email:sha256</c>.</summary>
    public override string ToString() => $"{Column}:{Method.ToString().ToLowerInvariant()}";
}

/// <summary>What takes the place of a value that is masked.</summary>
public enum MaskMethod
{
    /// <summary>The HMAC-SHA256 of the value with the salt as its key, 64 lower-case hex digits: equal values stay equal.</summary>
    Sha256,

    /// <summary>Three asterisks.</summary>
    Redact,

    /// <summary>An email address keeps its first letter and its domain; other text of 8 or more letters keeps two at each end.</summary>
    Partial,
}

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
