using System.Globalization;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sluice.Engine.Load;

/// <summary>What the values of a column are in JSON.</summary>
public enum JsonForm
{
    /// <summary>A text as it is.</summary>
    Text,

    /// <summary>A text without blanks at its ends.</summary>
    Trimmed,

    /// <summary>A number with all of its digits.</summary>
    Number,

    /// <summary>A number as precise as a double.</summary>
    Double,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>A time in UTC, in ISO 8601; read from unix seconds as well.</summary>
    Time,

    /// <summary>A day, such as 2024-05-01.</summary>
    Date,

    /// <summary>Any JSON.</summary>
    Json,

    /// <summary>Bytes, which JSON can't hold.</summary>
    Bytes,
}

/// <summary>
/// Brings JSON into the one form that a column gives its value, so that two values are the same when their texts are: 1 and 1.0, a time with its
/// zone and the same in UTC, members in another order.
/// </summary>
public static partial class FormedValue
{
    private const long MostUnixSeconds = 100_000_000_000;
    private const int MostZeros = 40;

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The value in a column's form; what does not fit the form stays as it is.</summary>
    public static JsonNode? Of(JsonNode? value, JsonForm form) => value is null ? null : form switch
    {
        JsonForm.Text => JsonValue.Create(TextOf(value)),
        JsonForm.Trimmed => JsonValue.Create(TextOf(value).Trim()),
        JsonForm.Number => Number(value) is { } digits ? JsonNode.Parse(digits) : Plain(value),
        JsonForm.Double => Double(value),
        JsonForm.Flag => Flag(value),
        JsonForm.Time => Time(value) is { } time ? JsonValue.Create(IsoTime(time)) : Plain(value),
        JsonForm.Date => Time(value) is { TimeOfDay.Ticks: 0 } day
            ? JsonValue.Create(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))
            : Plain(value),
        _ => Plain(value),
    };

    /// <summary>The time that a value is, in UTC; null when it is none.</summary>
    public static DateTime? TimeOf(JsonNode? value) => value is null ? null : Time(value);

    /// <summary>The text of a value that is formed already: a string without its quotes, JSON of anything else.</summary>
    public static string TextOf(JsonNode value) =>
        value is JsonValue one && one.TryGetValue<string>(out var text) ? text : Plain(value)!.ToJsonString(Relaxed);

    // Members in order, numbers in one way of writing.
    private static JsonNode? Plain(JsonNode? value) => value switch
    {
        JsonObject members => new JsonObject(
            members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, Plain(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Plain)]),
        JsonValue number when number.GetValueKind() == JsonValueKind.Number => JsonNode.Parse(Digits(number.ToJsonString())!),
        _ => value?.DeepClone(),
    };

    private static string? Number(JsonNode value) => value is not JsonValue ? null : value.GetValueKind() switch
    {
        JsonValueKind.Number => Digits(value.ToJsonString()),
        JsonValueKind.String => Digits(value.GetValue<string>().Trim()),
        _ => null,
    };

    private static JsonNode? Double(JsonNode value) =>
        Number(value) is { } digits && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            ? JsonNode.Parse(Digits(number.ToString("R", CultureInfo.InvariantCulture))!)
            : Plain(value);

    private static JsonNode? Flag(JsonNode value) => TextOf(value) switch
    {
        "true" or "1" => JsonValue.Create(true),
        "false" or "0" => JsonValue.Create(false),
        _ => Plain(value),
    };

    // 1.50, 1.5e0 and 15e-1 are 1.5; null when it is no number.
    private static string? Digits(string text)
    {
        var found = NumberParts().Match(text);
        if (!found.Success)
        {
            return null;
        }

        var e = long.Parse($"0{found.Groups["e"].Value.TrimStart('+', '-')}", CultureInfo.InvariantCulture);
        var fraction = found.Groups["fraction"].Value;
        var all = (found.Groups["whole"].Value + fraction).TrimStart('0');
        var digits = all.TrimEnd('0');
        var zeros = (found.Groups["e"].Value.StartsWith('-') ? -e : e) - fraction.Length + all.Length - digits.Length;
        var sign = found.Groups["sign"].Value;
        return digits.Length == 0 ? "0"
            : zeros is >= 0 and <= MostZeros ? $"{sign}{digits}{new string('0', (int)zeros)}"
            : zeros < 0 && digits.Length + zeros >= -MostZeros ? sign + WithPoint(digits, (int)-zeros)
            : string.Create(CultureInfo.InvariantCulture, $"{sign}{digits}e{zeros}");
    }

    private static string WithPoint(string digits, int places)
    {
        var padded = digits.PadLeft(places + 1, '0');
        return $"{padded[..^places]}.{padded[^places..]}";
    }

    private static DateTime? Time(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.String => Parse(value.GetValue<string>().Trim()),
        JsonValueKind.Number when decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && Math.Abs(seconds) < MostUnixSeconds => AtMicroseconds((long)Math.Round(seconds * 1_000_000)),
        _ => null,
    };

    private static DateTime? Parse(string text)
    {
        var found = IsoParts().Match(text);
        var clock = found.Groups["clock"].Value;
        if (
            !found.Success || !DateTime.TryParseExact(
                $"{found.Groups["day"].Value} {(clock.Length == 0 ? "00:00:00" : clock.Length == 5 ? clock + ":00" : clock)}",
                "yyyy-MM-dd HH:mm:ss",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var time))
        {
            return null;
        }

        var fraction = found.Groups["fraction"].Value.PadRight(6, '0')[..6];
        var zone = found.Groups["zone"].Value.TrimStart('+', '-').Replace(":", "", StringComparison.Ordinal).PadRight(4, '0');
        var minutes = zone[0] is 'Z' or 'z' ? 0
            : (int.Parse(zone[..2], CultureInfo.InvariantCulture) * 60) + int.Parse(zone[2..4], CultureInfo.InvariantCulture);
        var behind = found.Groups["zone"].Value.StartsWith('-') ? minutes : -minutes;
        return AtMicroseconds(
            ((BigInteger)(time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond) + long.Parse(fraction, CultureInfo.InvariantCulture)
                + (behind * 60_000_000L));
    }

    private static DateTime? AtMicroseconds(BigInteger microseconds)
    {
        var ticks = (microseconds * TimeSpan.TicksPerMicrosecond) + DateTime.UnixEpoch.Ticks;
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks ? new DateTime((long)ticks, DateTimeKind.Utc) : null;
    }

    private static string IsoTime(DateTime time)
    {
        var text = time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
        return $"{text.TrimEnd('0').TrimEnd('.')}Z";
    }

    [GeneratedRegex(@"^(?<sign>-?)\+?(?<whole>[0-9]+)(\.(?<fraction>[0-9]+))?([eE](?<e>[-+]?[0-9]{1,9}))?$", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex NumberParts();

    [GeneratedRegex(
        @"^(?<day>\d{4}-\d\d-\d\d)([T ](?<clock>\d\d:\d\d(:\d\d)?)(\.(?<fraction>\d+))?\s?(?<zone>[Zz]|[-+]\d\d(:?\d\d)?)?)?$",
        RegexOptions.None, Timeout.Infinite)]
    private static partial Regex IsoParts();
}
