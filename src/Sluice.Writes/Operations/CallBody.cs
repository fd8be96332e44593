using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Writes.Operations;

/// <summary>Puts values into the body, the path and the query of a call, and says what is wrong with them.</summary>
public sealed class CallBody
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly WriteCall _call;
    private readonly IReadOnlyList<WriteField> _fields;
    private readonly HashSet<string> _given = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];
    private readonly Doubts _doubts = new();
    private int _recipients;

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
        .. MemberProblems(),
        .. _call.ExactlyOne.Where(keys => keys.Count(_given.Contains) != 1)
            .Select(keys => $"exactly one of {Names(keys)} must be given"),
        .. _call.AtMostOne.Where(keys => keys.Count(_given.Contains) > 1).Select(keys => $"only one of {Names(keys)} may be given"),
        .. _call.MaxBytes > 0 && Text(Body).Length is var bytes && bytes > _call.MaxBytes
            ? [string.Create(CultureInfo.InvariantCulture, $"the call is {bytes} bytes long; Customer.io takes {_call.MaxBytes}")]
            : Array.Empty<string>(),
        .. _recipients > WriteRules.MostRecipients
            ? [string.Create(CultureInfo.InvariantCulture, $"there are {_recipients} recipients; Customer.io takes {WriteRules.MostRecipients}")]
            : Array.Empty<string>(),
    ];

    /// <summary>What somebody should know before it is sent.</summary>
    public IReadOnlyList<string> Warnings => [.. _doubts.Cleared, .. _doubts.Milliseconds];

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
            Look(field, sent);
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

    // What names members of a segment, or who gets a broadcast, is said by another parameter, or by the list's own name.
    private IEnumerable<string> MemberProblems()
    {
        foreach (var field in _fields.Where(field => field.Kind == ValueForm.Texts && Body[field.Key] is JsonArray))
        {
            var kind = field.Key == "emails" ? "email" : Query.GetValueOrDefault("id_type", "id");
            var problem = Body[field.Key]!.AsArray().Select(one => WriteRules.Identifier(kind, one!.ToString()))
                .FirstOrDefault(one => one is not null);
            if (problem is not null)
            {
                yield return $"one of {field.Name} {problem}";
            }
        }

        if (Query.TryGetValue("id_type", out var type) && type is not ("id" or "email" or "cio_id"))
        {
            yield return $"IdType can't be '{WriteRules.Short(type)}': there are id, email, cio_id";
        }
    }

    private void Look(WriteField field, JsonNode? sent)
    {
        _recipients += field.Kind == ValueForm.Emails ? WriteRules.CountEmails(sent!.ToString()) : 0;
        if (field.Kind == ValueForm.Rows)
        {
            foreach (var (place, row) in sent!.AsArray().Index())
            {
                _doubts.AddMilliseconds((JsonObject)row!, string.Create(CultureInfo.InvariantCulture, $"{field.Name} row {place + 1}"));
            }
        }

        if (field.Kind is not (ValueForm.Attributes or ValueForm.Data) || sent is not JsonObject values)
        {
            return;
        }

        _doubts.AddMilliseconds(values, field.Name);
        foreach (var (name, _) in values.Where(one => field.Kind == ValueForm.Attributes && string.IsNullOrEmpty(one.Value?.ToString())))
        {
            _doubts.AddCleared(name, field.Name);
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
