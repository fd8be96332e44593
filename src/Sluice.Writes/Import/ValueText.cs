using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Import;

/// <summary>Text of the source as JSON.</summary>
internal static partial class ValueText
{
    private const int MostMilliseconds = 60_000;

    private static readonly HashSet<string> NoNumbers =
        new(["nan", "-nan", "inf", "-inf", "infinity", "-infinity"], StringComparer.OrdinalIgnoreCase);

    private static readonly string[] TimeFormats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss zzz", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mm:ss 'UTC'", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>Writes a value; what can't be one is told in the words that follow the column's name, and nothing is written.</summary>
    public static string? Write(SourceColumn column, string text, TimeFormat? format, ArrayBufferWriter<byte> to)
    {
        switch (column.Kind)
        {
            case ValueKind.Number or ValueKind.Json when NoNumbers.Contains(text):
                return $"is {text}, which JSON can't hold";
            case ValueKind.Number when !Number().IsMatch(text):
                return $"is no number: '{WriteRules.Short(text)}'";
            case ValueKind.Boolean when text is not ("true" or "false"):
                return $"is not true or false: '{WriteRules.Short(text)}'";
            case ValueKind.Json when !IsJson(text):
                return $"is no JSON: '{WriteRules.Short(text)}'";
            case ValueKind.Time:
                if (Seconds(text, format) is not { } seconds)
                {
                    return $"is no time: '{WriteRules.Short(text)}' ({format?.Text ?? "2024-05-01, 2024-05-01T10:00:00Z or unix seconds"})";
                }

                Raw(seconds.ToString(CultureInfo.InvariantCulture), to);
                return null;
            case ValueKind.Number or ValueKind.Boolean or ValueKind.Json:
                Raw(text, to);
                return null;
            default:
                Quoted(text, to);
                return null;
        }
    }

    /// <summary>A time as unix seconds; null when it is none.</summary>
    public static long? Seconds(string text, TimeFormat? format) =>
        format is not null ? format.Seconds(text)
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : DateTimeOffset.TryParseExact(
            text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out var time)
            ? time.ToUnixTimeSeconds()
        : null;

    /// <summary>A value as plain text: of JSON, what is between the quotes.</summary>
    public static string Plain(SourceColumn column, string text) =>
        column.Kind == ValueKind.Json && text.StartsWith('"') ? JsonSerializer.Deserialize(text, TextJson.Default.String) ?? "" : text;

    // One bad value would spoil the request of thousands of others.
    private static bool IsJson(string text)
    {
        if (text is [>= '0' and <= '9' or '-', ..] && Number().IsMatch(text))
        {
            return true;
        }

        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public static void Quoted(string text, ArrayBufferWriter<byte> to)
    {
        to.Write("\""u8);
        Raw(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text), to);
        to.Write("\""u8);
    }

    public static void Raw(string text, ArrayBufferWriter<byte> to) => Encoding.UTF8.GetBytes(text, to);

    // Every value of millions of rows goes through it. What follows each loop can't be in it, so that nothing is tried twice.
    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z", RegexOptions.ExplicitCapture, MostMilliseconds)]
    private static partial Regex Number();
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class TextJson : System.Text.Json.Serialization.JsonSerializerContext;
