using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sluice.Writes.Operations;

/// <summary>Puts values into the body, the path and the query of a call, and says what is wrong with them.</summary>
public sealed class CallBody
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly WriteCall _call;
    private readonly IReadOnlyList<WriteField> _fields;
    private readonly HashSet<string> _given = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];

    /// <summary>Begins a body with what every body of the call has.</summary>
    public CallBody(WriteCall call, IReadOnlyList<WriteField> fields)
    {
        ArgumentNullException.ThrowIfNull(call);
        (_call, _fields) = (call, fields);
        Body = call.Constants?.DeepClone().AsObject() ?? [];
    }

    /// <summary>The body so far.</summary>
    public JsonObject Body { get; }

    /// <summary>The values of the path so far.</summary>
    public Dictionary<string, string> Route { get; } = new(StringComparer.Ordinal);

    /// <summary>The query so far.</summary>
    public Dictionary<string, string> Query { get; } = new(StringComparer.Ordinal);

    /// <summary>What is wrong; read after the last value.</summary>
    public IReadOnlyList<string> Problems =>
    [
        .. _problems,
        .. _call.ExactlyOne.Where(keys => keys.Count(_given.Contains) != 1)
            .Select(keys => $"exactly one of {Names(keys)} must be given"),
        .. _call.AtMostOne.Where(keys => keys.Count(_given.Contains) > 1).Select(keys => $"only one of {Names(keys)} may be given"),
        .. _call.MaxBytes > 0 && Text(Body).Length is var bytes && bytes > _call.MaxBytes
            ? [string.Create(CultureInfo.InvariantCulture, $"the call is {bytes} bytes long; Customer.io takes {_call.MaxBytes}")]
            : Array.Empty<string>(),
    ];

    /// <summary>JSON as it is sent: with as little escaping as possible.</summary>
    public static byte[] Text(JsonNode body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return JsonSerializer.SerializeToUtf8Bytes(body, Relaxed);
    }

    /// <summary>Adds a value; null is left out.</summary>
    public void Add(WriteField field, JsonNode? value)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (value is null)
        {
            return;
        }

        _given.Add(field.Key);
        try
        {
            var sent = SentValue.Of(field, value);
            CheckLength(field, sent);
            if (field.Key.StartsWith('?'))
            {
                Query[field.Key[1..]] = sent!.ToString();
            }
            else if (_call.Route.Contains($"{{{field.Key}}}", StringComparison.Ordinal))
            {
                Route[field.Key] = sent!.ToString();
            }
            else if (field.Kind == ValueForm.Topics)
            {
                PutAll(field.Key, sent!.AsObject());
            }
            else
            {
                Put(field.Key, sent);
            }
        }
        catch (FormatException wrong)
        {
            _problems.Add($"{field.Name} {wrong.Message}");
        }
    }

    /// <summary>Notes what a call can't do without.</summary>
    public void Require(WriteField field)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (!_given.Contains(field.Key))
        {
            _problems.Add($"{field.Name} is missing");
        }
    }

    private static void CheckLength(WriteField field, JsonNode? sent)
    {
        var text = sent is JsonValue one && one.TryGetValue<string>(out var plain) ? plain
            : sent is null ? ""
            : System.Text.Encoding.UTF8.GetString(Text(sent));
        if (field.MaxCharacters > 0 && text.Length > field.MaxCharacters)
        {
            throw new FormatException(
                string.Create(CultureInfo.InvariantCulture, $"has {text.Length} characters; Customer.io takes {field.MaxCharacters}"));
        }

        if (field.MaxBytes > 0 && System.Text.Encoding.UTF8.GetByteCount(text) is var bytes && bytes > field.MaxBytes)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"has {bytes} bytes; Customer.io takes {field.MaxBytes}"));
        }
    }

    private void Put(string key, JsonNode? value)
    {
        var place = Body;
        var parts = key.Split('.');
        foreach (var part in parts.SkipLast(1))
        {
            if (place[part] is not JsonObject inner)
            {
                place[part] = inner = [];
            }

            place = inner;
        }

        place[parts[^1]] = value;
    }

    // Names with dots in them are names here.
    private void PutAll(string key, JsonObject members)
    {
        var place = Body[key] as JsonObject ?? [];
        Body[key] = place;
        foreach (var (name, value) in members)
        {
            place[name] = value?.DeepClone();
        }
    }

    private string Names(IReadOnlyList<string> keys) =>
        string.Join(", ", _fields.Where(field => keys.Contains(field.Key)).Select(field => field.Name));
}

/// <summary>Values as SQL gives them, brought into the form in which they are sent.</summary>
internal static partial class SentValue
{
    /// <exception cref="FormatException">The value has another form; the message goes on behind the field's name.</exception>
    public static JsonNode? Of(WriteField field, JsonNode value) => field.Kind switch
    {
        ValueForm.Text when field.On.Count == 0 => Plain(value),
        ValueForm.Id => long.TryParse(Plain(value), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : Plain(value),
        ValueForm.Flag => Flag(value),
        ValueForm.Json => Parsed(value),
        ValueForm.JsonText => Parsed(value)?.ToJsonString(),
        ValueForm.Time => Seconds(value),
        ValueForm.Texts => Texts(value, field.MaxItems),
        ValueForm.Topics => Topics(value),
        _ => value.DeepClone(),
    };

    private static string Plain(JsonNode value) => value is JsonValue ? value.ToString() : throw new FormatException("must be a text or a number");

    private static bool Flag(JsonNode value) => value.ToString().ToUpperInvariant() switch
    {
        "TRUE" or "1" => true,
        "FALSE" or "0" => false,
        _ => throw new FormatException("must be true or false"),
    };

    private static JsonNode? Parsed(JsonNode value)
    {
        if (!(value is JsonValue one && one.TryGetValue<string>(out var text)))
        {
            return value.DeepClone();
        }

        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException wrong)
        {
            throw new FormatException("must be JSON", wrong);
        }
    }

    private static long Seconds(JsonNode value)
    {
        var text = value.ToString();
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? seconds < 100_000_000_000 ? seconds : throw new FormatException("looks like milliseconds; Customer.io takes seconds")
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUnixTimeSeconds()
            : throw new FormatException("must be a time or unix seconds");
    }

    private static JsonArray Texts(JsonNode value, int most)
    {
        var list = value as JsonArray
            ?? (value.ToString().StartsWith('[') && Parsed(value) is JsonArray parsed ? parsed
                : [.. Split(value.ToString()).Select(one => JsonValue.Create(one))]);
        return list.Count > 0 && list.Count <= most && list.All(one => one is JsonValue)
            ? [.. list.Select(one => JsonValue.Create(one!.ToString()))]
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"must be a list of 1 to {most} texts"));
    }

    // An empty value gives the topic its default back (Customer.io Track API reference).
    private static JsonObject Topics(JsonNode value) => Parsed(value) is JsonObject { Count: > 0 } topics
        ? new JsonObject(topics.Select(topic => KeyValuePair.Create(
            $"cio_subscription_preferences.topics.{TopicName(topic.Key)}", (JsonNode?)(topic.Value is { } wanted ? Flag(wanted) : ""))))
        : throw new FormatException("must be an object of topics with true or false, such as {'topic_7': false}");

    private static string TopicName(string name) => Topic().Match(name) is { Success: true } found
        ? $"topic_{found.Groups["id"].Value}"
        : throw new FormatException($"has '{name}', which is no topic: topics are called topic_1, topic_2, …; subscription_topics lists them");

    [GeneratedRegex("^(topic_)?(?<id>[1-9][0-9]*)$", RegexOptions.NonBacktracking)]
    private static partial Regex Topic();

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
