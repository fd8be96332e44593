namespace Sluice.Engine.Config;

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
