using System.Buffers.Text;
using System.Globalization;

namespace Sluice.CustomerIo;

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
