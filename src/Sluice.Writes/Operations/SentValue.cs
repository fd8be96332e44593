using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sluice.Writes.Operations;

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
        ValueForm.Rows => Rows(value),
        ValueForm.Attributes => Attributes(value),
        ValueForm.Data => Parsed(value) as JsonObject ?? throw new FormatException("must be a JSON object"),
        ValueForm.Related => Related(value),
        ValueForm.Identifier => Checked(Plain(value), text => WriteRules.Identifier(field.Key[(field.Key.LastIndexOf('.') + 1)..], text)),
        ValueForm.Email => Checked(Plain(value), WriteRules.Emails),
        ValueForm.Emails => Checked(Plain(value), WriteRules.Emails),
        ValueForm.Ulid => Checked(Plain(value), WriteRules.Ulid),
        ValueForm.Time => Seconds(value),
        ValueForm.Texts => Texts(value, field.MaxItems),
        ValueForm.Topics => Topics(value),
        _ => value.DeepClone(),
    };

    private static string Plain(JsonNode value) => value is JsonValue ? value.ToString() : throw new FormatException("must be a text or a number");

    private static string Checked(string text, Func<string, string?> problem) => problem(text) is { } wrong ? throw new FormatException(wrong) : text;

    private static JsonArray Rows(JsonNode value)
    {
        var rows = Parsed(value) as JsonArray ?? throw new FormatException("must be a JSON array of objects");
        foreach (var (place, row) in rows.Index())
        {
            if (WriteRules.CollectionRow(row) is { } problem)
            {
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"row {place + 1} {problem}"));
            }
        }

        return WriteRules.CollectionRows(rows) is { } large ? throw new FormatException($"is too large: {large}") : rows;
    }

    private static JsonObject Attributes(JsonNode value)
    {
        var attributes = Parsed(value) as JsonObject ?? throw new FormatException("must be a JSON object");
        return WriteRules.Attributes(attributes, attributes.Count, OperationCatalog.Find("objects")!).FirstOrDefault() is { } problem
            ? throw new FormatException($"can't be sent: {problem}")
            : attributes;
    }

    private static JsonArray Related(JsonNode value)
    {
        var people = Parsed(value) as JsonArray
            ?? throw new FormatException("must be a JSON array of people, such as [{\"identifiers\": {\"id\": \"1\"}}]");
        foreach (var (place, person) in people.Index())
        {
            var names = (person as JsonObject)?["identifiers"] as JsonObject;
            var problem = names is not { Count: 1 } || names.First().Value is not JsonValue ? "needs identifiers with one of id, email and cio_id"
                : WriteRules.Identifier(names.First().Key, names.First().Value?.ToString());
            if (problem is not null)
            {
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"row {place + 1} {problem}"));
            }
        }

        return people;
    }

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
            ? seconds < WriteRules.Milliseconds ? seconds : throw new FormatException("looks like milliseconds; Customer.io takes seconds")
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

    [GeneratedRegex("^(topic_)?(?<id>[1-9][0-9]*)$", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Topic();

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
