namespace Sluice.Engine.Masking;

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
