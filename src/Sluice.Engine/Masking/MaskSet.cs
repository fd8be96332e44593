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
