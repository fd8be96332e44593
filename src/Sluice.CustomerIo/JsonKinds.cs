namespace Sluice.CustomerIo;

/// <summary>The kinds of JSON value that were seen for a field; a set, because an API may answer 7 today and "7" tomorrow.</summary>
[Flags]
public enum JsonKinds : byte
{
    /// <summary>Nothing was seen.</summary>
    None = 0,

    /// <summary>A JSON null.</summary>
    Null = 1,

    /// <summary>true or false.</summary>
    Boolean = 2,

    /// <summary>A number written without fraction or exponent that fits a signed 64-bit integer.</summary>
    Integer = 4,

    /// <summary>A number written without fraction or exponent that is outside the signed 64-bit range.</summary>
    BigNumber = 8,

    /// <summary>A number written with a fraction or an exponent.</summary>
    Fraction = 16,

    /// <summary>A string.</summary>
    Text = 32,

    /// <summary>A nested object.</summary>
    Object = 64,

    /// <summary>A nested array.</summary>
    Array = 128,
}
