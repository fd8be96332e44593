using System.Runtime.InteropServices;
using System.Text.Json;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;

namespace Sluice.Engine.Webhooks;

/// <summary>What the events of one delivery say of its row in messages.</summary>
internal sealed class DeliveryChange(string id)
{
    public const string Drafted = "drafted";

    // What the App API calls the channel by another name.
    private const string Sms = "sms";
    private const string SmsInApi = "twilio";

    // The members that metrics has in the App API. An event can also be one of those that it never lists, attempted and replied: if they stood in the
    // row, it would differ from what the API says for ever.
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "bounced", "clicked", "converted", "created", "delivered", Drafted, "dropped", "failed", "opened", "sent", "spammed", "undeliverable",
        "unsubscribed",
    };

    // Fields that the API's record has by the same name.
    private static readonly (string Field, ColumnType Type)[] Fields =
    [
        ("customer_id", ColumnType.Text),
        ("recipient", ColumnType.Text),
        ("subject", ColumnType.Text),
        ("campaign_id", ColumnType.Bigint),
        ("action_id", ColumnType.Bigint),
        ("parent_action_id", ColumnType.Bigint),
        ("broadcast_id", ColumnType.Bigint),
        ("newsletter_id", ColumnType.Bigint),
        ("content_id", ColumnType.Bigint),
        ("trigger_event_id", ColumnType.Text),
    ];

    private readonly Dictionary<string, byte[]> _values = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _metrics = new(StringComparer.Ordinal);
    private string? _type;
    private (long At, byte[] Text)? _failure;

    public string Id => id;

    /// <summary>Whether nothing is known but that there is a draft: the App API lists drafts only by themselves, so it makes no row.</summary>
    public bool IsDraftAlone => _metrics.Count == 1 && _metrics.ContainsKey(Drafted);

    /// <summary>The delivery that an event changes; null when it changes none.</summary>
    public static string? DeliveryOf(JsonElement body) =>
        Known.Contains(TextOf(body, "metric") ?? "")
        && body.TryGetProperty("timestamp", out var at)
        && at.ValueKind == JsonValueKind.Number
        && at.TryGetInt64(out _)
        && body.TryGetProperty("data", out var data)
            ? TextOf(data, "delivery_id")
            : null;

    /// <summary>Adds an event: of each metric the first time counts, and of each field the first value.</summary>
    public void Add(JsonElement body)
    {
        var (metric, at, data) = (TextOf(body, "metric")!, body.GetProperty("timestamp").GetInt64(), body.GetProperty("data"));
        _metrics[metric] = _metrics.TryGetValue(metric, out var first) ? Math.Min(first, at) : at;
        _type ??= TextOf(body, "object_type") is { } channel ? channel == Sms ? SmsInApi : channel : null;
        foreach (var (field, type) in Fields)
        {
            Take(field, field, data, type);
        }

        Take("customer_identifiers", "identifiers", data, ColumnType.Json);
        if (data.TryGetProperty("failure_message", out var failure) && failure.ValueKind == JsonValueKind.String
            && (_failure is not { } had || had.At <= at))
        {
            _failure = (at, JsonMarshal.GetRawUtf8Value(failure).ToArray());
        }
    }

    public void Write(LineFile to, string workspace)
    {
        to.Begin();
        to.Inject(EventColumns.Workspace, workspace);
        to.Text("id", id);
        if (_type is not null)
        {
            to.Text("type", _type);
        }

        foreach (var (field, value) in _values)
        {
            to.Raw(field, value, TypeOf(field));
        }

        to.Numbers("metrics", _metrics);
        if (_failure is { } failure)
        {
            to.Raw("failure_message", failure.Text, ColumnType.Text);
        }

        to.End();
    }

    /// <summary>A text of an object; null when it is not there, blank, or none.</summary>
    internal static string? TextOf(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
        && EngineJson.UnquoteOrNull(value.GetRawText()) is { Length: > 0 } text
            ? text
            : null;

    /// <summary>Whether a field says something: the person of a deleted profile is blank.</summary>
    internal static bool HasValue(ReadOnlySpan<byte> raw) => !RawJson.IsNull(raw) && !raw.SequenceEqual("\"\""u8);

    private static ColumnType TypeOf(string field) => Fields.FirstOrDefault(one => one.Field == field, (Field: field, Type: ColumnType.Json)).Type;

    private void Take(string field, string from, JsonElement data, ColumnType type)
    {
        if (_values.ContainsKey(field) || !data.TryGetProperty(from, out var value))
        {
            return;
        }

        var raw = JsonMarshal.GetRawUtf8Value(value);
        var fits = type == ColumnType.Json ? value.ValueKind == JsonValueKind.Object :
            value.ValueKind is JsonValueKind.String or JsonValueKind.Number;
        if (fits && HasValue(raw))
        {
            _values[field] = raw.ToArray();
        }
    }
}
