namespace Sluice.CustomerIo;

/// <summary>The kinds of JSON value that were seen for a field; a set, because an API may answer 7 today and "7" tomorrow.</summary>
[Flags]
public enum JsonKinds : ushort
{
    /// <summary>Nothing was seen.</summary>
    None = 0,

    /// <summary>A JSON null.</summary>
    Null = 1,

    /// <summary>true or false.</summary>
    Boolean = 2,

    /// <summary>A number written without fraction or exponent, at most 2^53 from zero: a double holds it, too.</summary>
    Integer = 4,

    /// <summary>A number that neither a signed 64-bit integer nor a double gives back as it was written.</summary>
    BigNumber = 8,

    /// <summary>A number written with a fraction or an exponent that a double gives back with the same value.</summary>
    Fraction = 16,

    /// <summary>A string.</summary>
    Text = 32,

    /// <summary>A nested object.</summary>
    Object = 64,

    /// <summary>A nested array.</summary>
    Array = 128,

    /// <summary>A number written without fraction or exponent, more than 2^53 from zero, that fits a signed 64-bit integer.</summary>
    LongInteger = 256,

    /// <summary>Beside an object or array: somewhere in it stands a <see cref="BigNumber"/>.</summary>
    BigNumberInside = 512,
}
