using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Masking;

/// <summary>The masks of a run and the salt that they share, so that a value has the same hash in every table.</summary>
/// <param name="masks">The masks, each column once.</param>
/// <param name="salt">The salt, or null for plain hashes.</param>
public sealed class MaskSet(IReadOnlyList<Mask> masks, MaskSalt? salt = null)
{
    private const int FingerprintLetters = 16;

    private readonly ConcurrentDictionary<Mask, bool> _met = [];

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

    /// <summary>
    /// The masks of all, and of a column that several mask the one that hides most. They share a salt, for there is one in an environment.
    /// </summary>
    public static MaskSet Strictest(IReadOnlyList<MaskSet> sets)
    {
        var masks = sets.SelectMany(set => set.Masks)
            .GroupBy(mask => mask.Column, StringComparer.OrdinalIgnoreCase)
            .Select(column => column.Aggregate((one, other) => HidesMore(other.Method, one.Method) ? other : one));
        return new MaskSet([.. masks], sets.Select(set => set.Salt).FirstOrDefault(salt => salt is not null));
    }

    /// <summary>Whether a mask hides more than another one: text that is cut hides least, and what is gone most.</summary>
    internal static bool HidesMore(MaskMethod one, MaskMethod other) => Array.IndexOf(ByWhatIsLeft, one) > Array.IndexOf(ByWhatIsLeft, other);

    /// <summary>The masks that a condition holds for, with the same salt.</summary>
    internal MaskSet Where(Func<Mask, bool> condition) => new([.. Masks.Where(condition)], salt);

    private static readonly MaskMethod[] ByWhatIsLeft = [MaskMethod.Partial, MaskMethod.Sha256, MaskMethod.Redact];

    private MaskSalt? Salt => salt;

    /// <summary>Tells which columns are masked, and nothing of the salt.</summary>
    public override string ToString() => string.Join(',', Masks);

    /// <summary>
    /// A mask as a destination remembers it: its method, and of hashes with a salt a fingerprint by which another salt is told from the same one.
    /// </summary>
    internal string Remembered(Mask mask) => mask.Method == MaskMethod.Sha256 && salt is not null
        ? $"{Word(mask.Method)}:{Hex(HMACSHA256.HashData(salt.Key, "Sluice: which salt this is"u8))[..FingerprintLetters]}"
        : Word(mask.Method);

    /// <summary>Whether some value has been hidden by a mask.</summary>
    internal bool HasMet(Mask mask) => _met.ContainsKey(mask);

    internal string Apply(Mask mask, string text)
    {
        _met.TryAdd(mask, true);
        return Apply(mask.Method, text);
    }

    internal static string Word(MaskMethod method) => method.ToString().ToLowerInvariant();

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

/// <summary>
/// Where the masks of a run hold in the records of one resource: at every path of the catalog's column of a mask's name, at every field of that
/// name however deep, at the one path that a mask with dots names, and in everything below.
/// </summary>
public sealed class MaskRules
{
    private readonly Dictionary<string, Mask> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly MaskNode _paths = new();

    /// <summary>Finds out where masks hold in a resource's records.</summary>
    public MaskRules(MaskSet masking, Resource resource)
    {
        MaskSet = masking;

        // A path is the more exact word, so that it takes the place of what a column's name says.
        foreach (var mask in masking.Masks.OrderBy(mask => mask.IsPath))
        {
            // Names may hold dots themselves.
            _names[mask.Column] = mask;
            foreach (var path in PathsOf(mask, resource))
            {
                _paths.Add(path, mask);
            }
        }
    }

    internal MaskSet MaskSet { get; }

    internal bool IsEmpty => _names.Count == 0;

    /// <summary>The whole record.</summary>
    internal MaskStep Root => new(null, _paths);

    /// <summary>Goes from an object to one of its fields; arrays are no step.</summary>
    internal MaskStep Into(MaskStep from, string field)
    {
        var node = from.Node?.Below(field);
        return new MaskStep(node?.Mask ?? _names.GetValueOrDefault(field) ?? from.Mask, node);
    }

    /// <summary>The mask that holds at a path, with dots between its keys.</summary>
    public Mask? At(string path) => path.Split('.').Aggregate(Root, Into).Mask;

    private static IEnumerable<string[]> PathsOf(Mask mask, Resource resource)
    {
        var keys = mask.Column.Split('.');
        var column = resource.Columns.FirstOrDefault(column => column.Name.Equals(keys[0], StringComparison.OrdinalIgnoreCase));
        var own = column?.Sources.Select(source => (string[])[.. source.Split('.'), .. keys[1..]]) ?? [];
        return mask.IsPath ? [keys, .. own] : own;
    }
}

/// <summary>A place that masked paths go through or end at.</summary>
internal sealed class MaskNode
{
    private readonly Dictionary<string, MaskNode> _below = new(StringComparer.OrdinalIgnoreCase);

    public Mask? Mask { get; private set; }

    public MaskNode? Below(string name) => _below.GetValueOrDefault(name);

    public void Add(IEnumerable<string> path, Mask mask)
    {
        var node = this;
        foreach (var name in path)
        {
            node = node._below.GetValueOrDefault(name) ?? (node._below[name] = new MaskNode());
        }

        node.Mask = mask;
    }
}

/// <summary>A place in a record: the mask that holds there, if any, and the paths that go on from there.</summary>
internal readonly record struct MaskStep(Mask? Mask, MaskNode? Node);
