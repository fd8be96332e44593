using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Sluice.CustomerIo.Parsing;

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

/// <summary>Tells the kind of a JSON value.</summary>
public static class JsonKind
{
    /// <summary>The kind of a whole, valid value.</summary>
    /// <exception cref="JsonException">The text is not valid JSON.</exception>
    public static JsonKinds Of(ReadOnlySpan<byte> utf8Value)
    {
        var reader = new Utf8JsonReader(utf8Value, JsonCheck.Options);
        reader.Read();
        return KindOf(ref reader) | Skip(ref reader);
    }

    /// <summary>The kind of the value the reader stands on.</summary>
    internal static JsonKinds KindOf(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => JsonKinds.Text,
        JsonTokenType.Number => JsonNumber.KindOf(reader.ValueSpan),
        JsonTokenType.Null => JsonKinds.Null,
        JsonTokenType.True or JsonTokenType.False => JsonKinds.Boolean,
        JsonTokenType.StartObject => JsonKinds.Object,
        _ => JsonKinds.Array,
    };

    /// <summary>The string the reader stands on; a lone surrogate in it, valid JSON but no text, makes it as unusable as a syntax error.</summary>
    internal static string TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            throw new JsonException("A key or cursor holds half of a surrogate pair.", error);
        }
    }

    /// <summary>Goes to the end of the value the reader stands on; tells what of its inside matters to readers of the whole.</summary>
    internal static JsonKinds Skip(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return JsonKinds.None;
        }

        var depth = reader.CurrentDepth;
        var inside = JsonKinds.None;
        do
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.Number && JsonNumber.KindOf(reader.ValueSpan) == JsonKinds.BigNumber)
            {
                inside = JsonKinds.BigNumberInside;
            }
        }
        while (depth < reader.CurrentDepth);
        return inside;
    }
}

/// <summary>Tells which types can hold a JSON number so that it comes out with the same decimal value.</summary>
public static class JsonNumber
{
    /// <summary>The largest distance from zero, 2^53, up to which a double holds every integer.</summary>
    public const long LargestExact = 1L << 53;

    // From 15 digits on a double may give back others than it was given, with 17 it always can tell.
    private const int DigitsThatAlwaysSurvive = 15;
    private const int DigitsOfADouble = 17;
    private const int SafeExponent = 290;

    /// <summary>The kind of a number by its digits as they stand in the JSON; they are taken to be a valid number.</summary>
    public static JsonKinds KindOf(ReadOnlySpan<byte> utf8Digits)
    {
        if (utf8Digits.ContainsAny((byte)'.', (byte)'e', (byte)'E'))
        {
            return SurvivesInDouble(utf8Digits) ? JsonKinds.Fraction : JsonKinds.BigNumber;
        }

        if (utf8Digits.Length <= DigitsThatAlwaysSurvive)
        {
            return JsonKinds.Integer;
        }

        return !Utf8Parser.TryParse(utf8Digits, out long value, out int used) || used < utf8Digits.Length ? JsonKinds.BigNumber
            : value is >= -LargestExact and <= LargestExact ? JsonKinds.Integer
            : JsonKinds.LongInteger;
    }

    private static bool SurvivesInDouble(ReadOnlySpan<byte> text)
    {
        if (text.Length <= DigitsThatAlwaysSurvive && !text.ContainsAny((byte)'e', (byte)'E'))
        {
            return true;
        }

        Decimal sent = Decimal.Of(text);
        if (sent.Digits.Length == 0)
        {
            return true;
        }

        if (sent.Digits.Length <= DigitsThatAlwaysSurvive && sent.Exponent is > -SafeExponent and < SafeExponent)
        {
            return true;
        }

        if (sent.Digits.Length > DigitsOfADouble)
        {
            return false;
        }

        double value = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        Span<byte> back = stackalloc byte[32];
        return double.IsFinite(value)
            && value.TryFormat(back, out int length, "R", CultureInfo.InvariantCulture)
            && Decimal.Of(back[..length]) == sent;
    }

    /// <summary>0.digits times ten to the exponent, without zeros at either end of the digits.</summary>
    private readonly record struct Decimal(string Digits, int Exponent)
    {
        public static Decimal Of(ReadOnlySpan<byte> text)
        {
            int mark = text.IndexOfAny((byte)'e', (byte)'E');
            ReadOnlySpan<byte> mantissa = mark < 0 ? text : text[..mark];
            long exponent = mark < 0 ? 0 : ExponentOf(text[(mark + 1)..]);
            mantissa = mantissa[0] is (byte)'-' or (byte)'+' ? mantissa[1..] : mantissa;
            int point = mantissa.IndexOf((byte)'.');
            int whole = point < 0 ? mantissa.Length : point;
            string digits = System.Text.Encoding.ASCII.GetString(mantissa).Replace(".", "", StringComparison.Ordinal);
            string rest = digits.TrimStart('0');
            exponent += whole - (digits.Length - rest.Length);
            rest = rest.TrimEnd('0');
            return new Decimal(rest, rest.Length == 0 ? 0 : (int)Math.Clamp(exponent, int.MinValue, int.MaxValue));
        }

        // An exponent too long to read is beyond every double, whatever it is.
        private static long ExponentOf(ReadOnlySpan<byte> text) =>
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long exponent)
                ? Math.Clamp(exponent, int.MinValue, int.MaxValue)
            : text[0] == (byte)'-' ? int.MinValue
            : int.MaxValue;
    }
}

/// <summary>Limits of the JSON that Sluice reads.</summary>
public static class JsonLimits
{
    /// <summary>The deepest nesting; the default of .NET, 64, would reject event data and attributes, which can be nested at will.</summary>
    public const int MaxDepth = 1000;
}
