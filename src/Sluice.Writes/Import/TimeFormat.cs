using System.Globalization;
using System.Text;
using Sluice.Engine;

namespace Sluice.Writes.Import;

/// <summary>How the times of a source are written, in the letters of strftime.</summary>
internal sealed class TimeFormat
{
    private static readonly Dictionary<char, string> Letters = new()
    {
        ['Y'] = "yyyy",
        ['y'] = "yy",
        ['m'] = "MM",
        ['b'] = "MMM",
        ['B'] = "MMMM",
        ['d'] = "dd",
        ['e'] = "d",
        ['a'] = "ddd",
        ['A'] = "dddd",
        ['H'] = "HH",
        ['I'] = "hh",
        ['M'] = "mm",
        ['S'] = "ss",
        ['f'] = "FFFFFFF",
        ['p'] = "tt",
        ['z'] = "zzz",
        ['F'] = "yyyy-MM-dd",
        ['T'] = "HH:mm:ss",
        ['R'] = "HH:mm",
        ['D'] = "MM/dd/yy",
    };

    private readonly string[] _formats;

    // Z and an offset are two formats for .NET and one for strftime.
    private TimeFormat(string text, string format) =>
        (Text, _formats) = (text, [.. new[] { format, format.Replace("zzz", "K", StringComparison.Ordinal) }.Distinct()]);

    /// <summary>As it was said.</summary>
    public string Text { get; }

    /// <summary>Reads a format; null when it is none, which is noted.</summary>
    public static TimeFormat? Read(string text, ValidationErrors mistakes)
    {
        var format = new StringBuilder();
        for (var place = 0; place < text.Length; place++)
        {
            if (text[place] != '%')
            {
                format.Append('\\').Append(text[place]);
            }
            else if (++place < text.Length && text[place] == '%')
            {
                format.Append("\\%");
            }
            else if (place < text.Length && Letters.TryGetValue(text[place], out var letters))
            {
                format.Append(letters);
            }
            else
            {
                mistakes.Add(
                    $"--time-format can't be '{text}': it has a letter after % that is not known.",
                    $"Write it as --time-format '%d/%m/%Y %H:%M'. There are {string.Join(", ", Letters.Keys.Select(letter => $"%{letter}"))}.");
                return null;
            }
        }

        if (!text.Contains('%', StringComparison.Ordinal))
        {
            mistakes.Add($"--time-format can't be '{text}'.", "Write it as --time-format '%d/%m/%Y %H:%M'.");
            return null;
        }

        return new TimeFormat(text, format.ToString());
    }

    /// <summary>A time as unix seconds, in UTC unless it says otherwise; null when it is not written so.</summary>
    public long? Seconds(string text) =>
        DateTimeOffset.TryParseExact(text.Trim(), _formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUnixTimeSeconds()
            : null;
}
