using System.Globalization;

namespace Sluice.Simulator.Control;

/// <summary>Reads spans such as <c>200ms</c>, <c>90s</c>, <c>15m</c>, <c>6h</c>, <c>1d</c>.</summary>
internal static class SpanText
{
    public static TimeSpan? Parse(string text)
    {
        var digits = text.AsSpan().TrimEnd("smhd");
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        return text[digits.Length..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "s" or "" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            "d" => TimeSpan.FromDays(number),
            _ => null,
        };
    }
}
