using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.CustomerIo;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Statements;

/// <summary>
/// A change of a row that Customer.io overwrites: what is left out of a PUT may be emptied. So the row is read right before, all that can be written
/// is sent, and it is read once more and compared.
/// </summary>
internal sealed class ContentUpdate(CustomerIoClient client, PlannedCall call)
{
    // Nothing says that leaving these out changes them, and sending what was read can make a stopped message send.
    private static readonly string[] LeftAlone = ["sending_state"];

    private JsonObject _before = [];
    private JsonObject _sent = [];

    /// <summary>The values that can be written, as they were.</summary>
    public JsonObject Former()
    {
        var former = Keys();
        foreach (var field in Writable().Where(field => _before.ContainsKey(field.Name) && IsSent(field) && !IsShownBlank(field, _before)))
        {
            former[field.Name] = _before[field.Name]?.DeepClone();
        }

        return former;
    }

    /// <summary>Reads the row and makes the body of it and of what is set.</summary>
    /// <exception cref="CustomerIoException">It can't be read.</exception>
    public async Task<JsonObject> ReadAsync(CancellationToken cancel)
    {
        _before = await CurrentAsync(cancel);
        _sent = [];
        foreach (var field in Writable().Where(IsSent))
        {
            _sent[field.Name] = Form(field, Set.ContainsKey(field.Name) ? Set[field.Name] : _before[field.Name]);
        }

        return (JsonObject)_sent.DeepClone();
    }

    /// <summary>Reads the row once more; says what is not as it should be, or null.</summary>
    public async Task<(string? Difference, JsonObject Row)> CompareAsync(CancellationToken cancel)
    {
        var after = await CurrentAsync(cancel);
        var wrong = Writable().Where(field => !IsAsIntended(field, after)).Select(field => field.Name).ToList();
        return (
            wrong.Count == 0 ? null
            : $"Customer.io has taken the call, but {string.Join(", ", wrong)} {(wrong.Count == 1 ? "is" : "are")} not what was sent",
            after);
    }

    private JsonObject Set => (JsonObject)call.Body!;

    private bool IsWebhook => _before["type"]?.ToString() == "webhook" && call.Fields.Any(one => one.Name == "url");

    private bool IsSent(WriteField field)
    {
        if (Set.ContainsKey(field.Name))
        {
            return true;
        }

        return _before[field.Name] is not null && !IsShownBlank(field, _before) && !LeftAlone.Contains(field.Name);
    }

    /// <summary>Whether Customer.io does not show the value that is there, as a recipient of Liquid.</summary>
    public static bool IsShownBlank(WriteField field, JsonObject row) => field.IsShownBlank && row[field.Name]?.ToString() is "";

    private bool IsAsIntended(WriteField field, JsonObject after)
    {
        var intended = Set.ContainsKey(field.Name) ? Set[field.Name] : _before[field.Name];
        return IsShownBlank(field, after) || IsSame(field, intended, after[field.Name]);
    }

    /// <summary>Whether two values mean the same: one that is not there is as good as an empty one.</summary>
    public static bool IsSame(WriteField field, JsonNode? one, JsonNode? other) =>
        JsonNode.DeepEquals(Parsed(field, one), Parsed(field, other)) || (IsNothing(field, one) && IsNothing(field, other));

    /// <summary>Whether a value is not there, or an empty text or list.</summary>
    public static bool IsNothing(WriteField field, JsonNode? value) =>
        string.IsNullOrEmpty(value?.ToString()) || Parsed(field, value) is JsonArray { Count: 0 };

    private IEnumerable<WriteField> Writable()
    {
        var type = _before["type"]?.ToString();
        return call.Fields
            .Where(field => field.On.Contains("update") && (field.Channels.Count == 0 || type is null || field.Channels.Contains(type)))
            .Where(field => Set.ContainsKey(field.Name) || !(field.Name == "body" && _before["editor"]?.ToString() == "drag-and-drop"));
    }

    // Headers are read as the text of a list, and written as a list; those of a webhook as its text.
    private JsonNode? Form(WriteField field, JsonNode? value) =>
        !field.IsJson ? value?.DeepClone()
        : IsWebhook && value is not null ? Parsed(field, value)!.ToJsonString()
        : Parsed(field, value);

    /// <summary>The value without the text around it, where JSON is read as text.</summary>
    public static JsonNode? Parsed(WriteField field, JsonNode? value)
    {
        if (!field.IsJson || !(value is JsonValue one && one.TryGetValue<string>(out var text)))
        {
            return value?.DeepClone();
        }

        try
        {
            return text.Length == 0 ? new JsonArray() : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return value.DeepClone();
        }
    }

    private JsonObject Keys()
    {
        var keys = new JsonObject();
        foreach (var (name, value) in call.Route)
        {
            keys[name] = value;
        }

        return keys;
    }

    /// <summary>Reads the row.</summary>
    /// <exception cref="CustomerIoException">It can't be read.</exception>
    public async Task<JsonObject> CurrentAsync(CancellationToken cancel)
    {
        var read = call.Call.Read!;
        var values = call.Route.Where(value => read.Contains($"{{{value.Key}}}", StringComparison.Ordinal));
        var answer = await client.SendAsync(ApiRequest.Get(read, [.. values]), cancel);
        var root = JsonNode.Parse(answer.Body.Span)!.AsObject();

        // Of transactional messages there is no single content, only the list of all.
        var id = call.Route.First(value => value.Key == "id").Value;
        var row = read.EndsWith("/contents", StringComparison.Ordinal)
            ? root.Select(member => member.Value).OfType<JsonArray>().SelectMany(list => list.OfType<JsonObject>())
                .FirstOrDefault(one => one["id"]?.ToString() == id)
            : call.Call.Root!.Length == 0 ? root
            : root[call.Call.Root] as JsonObject;
        return row ?? throw new CustomerIoException(
            CustomerIoErrorKind.NotFound, $"GET {call.Call.Read}", $"{call.Key} is no longer there: nothing was sent for it.");
    }
}
