using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract;

/// <summary>The arrays of one metrics answer, in every nesting that was seen.</summary>
internal sealed record MetricsSeries
{
    private const string SeriesKey = "metric";
    private const string LanguagesKey = "language_variants";

    private readonly List<(string Name, JsonElement[] Values)> _series;
    private readonly IReadOnlyList<(string Name, JsonElement Value)> _owner;
    private readonly string? _type;

    private MetricsSeries(List<(string Name, JsonElement[] Values)> series, string? type, IReadOnlyList<(string Name, JsonElement Value)> owner)
    {
        _series = series;
        _owner = owner;
        _type = type;
        Steps = series.Count == 0 ? 0 : series.Max(one => one.Values.Length);
        FewestSteps = series.Select(one => one.Values.Length).Where(length => length > 0).DefaultIfEmpty().Min();
        Fields = FieldsOf();
    }

    public int Steps { get; }

    /// <summary>The length of the shortest array that has any value.</summary>
    public int FewestSteps { get; }

    public FieldProfile Fields { get; }

    /// <summary>
    /// Of the series of a language variant, which variant it is of, as raw JSON by column; none for other series.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Stamps { get; private init; } = [];

    /// <summary>
    /// Reads all series of an answer: one, or one for each of the things that the catalog names, such as links, and those of the language variants.
    /// </summary>
    public static IReadOnlyList<MetricsSeries> ParseAll(ReadOnlyMemory<byte> body, Resource resource)
    {
        using var document = JsonDocument.Parse(body, RawJson.DocumentOptions);
        var endpoint = $"{resource.Method} {resource.Path}";
        return resource.SeriesOf is { } thing
            ?
            [
                .. Things(document.RootElement, resource.RootKeys[0], endpoint)
                    .Select(one => Parse(one, SeriesKey, endpoint, Owner(one, thing, endpoint))),
            ]
            :
            [
                Parse(document.RootElement, resource.RootKeys[0], endpoint, []),
                .. resource.HasLanguageVariants ? Languages(document.RootElement, endpoint) : [],
            ];
    }

    /// <summary>Reads the series of one thing.</summary>
    /// <param name="root">What holds them.</param>
    /// <param name="key">The key that the reference gives for them.</param>
    /// <param name="endpoint">Method and path, for errors.</param>
    /// <param name="owner">Fields of the thing that the series are of, for every row; none if the answer is about one thing.</param>
    public static MetricsSeries Parse(JsonElement root, string key, string endpoint, IReadOnlyList<(string Name, JsonElement Value)> owner)
    {
        if (!TryGet(root, key, out var metric) & !TryGet(metric.ValueKind == JsonValueKind.Undefined ? root : metric, "series", out var series))
        {
            throw MissingKey(root, $"{key}.series", endpoint);
        }

        var holder = series.ValueKind == JsonValueKind.Undefined ? metric : series;
        if (holder.ValueKind == JsonValueKind.Null)
        {
            return new MetricsSeries([], TypeOf(metric), owner);
        }

        var arrays = holder.ValueKind == JsonValueKind.Object ? ArraysOf(holder) : throw MissingKey(root, $"{key}.series", endpoint);
        return arrays.Count == 0 && holder.EnumerateObject().Any()
            ? throw MissingKey(root, $"{key}.series", endpoint)
            : new MetricsSeries(arrays, TypeOf(metric), owner);
    }

    /// <summary>One step as a JSON record.</summary>
    /// <param name="index">The place in the arrays.</param>
    /// <param name="period">The length of a step.</param>
    /// <param name="step">The step.</param>
    /// <param name="observed">When the answer came.</param>
    /// <param name="first">The number of the step that stands first in the arrays.</param>
    public ReadOnlySpan<byte> Row(int index, MetricsPeriod period, MetricsStep step, DateTimeOffset observed, long first = 0)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("period", period.ToString().ToLowerInvariant());
            writer.WriteNumber("step_index", first + index);
            writer.WriteString("period_start", Iso(step.Start));
            writer.WriteString("period_end", Iso(step.End));
            writer.WriteString("observed_at", Iso(observed));
            foreach (var (name, value) in _owner)
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }

            if (_type is not null)
            {
                writer.WriteString("type", _type);
            }

            foreach (var (name, values) in _series)
            {
                writer.WritePropertyName(name);
                WriteValue(writer, index < values.Length ? values[index] : default);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }

    private static IEnumerable<MetricsSeries> Languages(JsonElement root, string endpoint)
    {
        if (!TryGet(root, LanguagesKey, out var variants) || variants.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        return variants.ValueKind == JsonValueKind.Object
            ? variants.EnumerateObject().Select(one => Parse(one.Value, SeriesKey, endpoint, []) with
            {
                Stamps =
                [
                    new("variant_action_id", EngineJson.Quote(one.Name)),
                    new("language", Raw(one.Value, "language")),
                    new("is_default", Raw(one.Value, "default")),
                ],
            })
            : throw MissingKey(root, LanguagesKey, endpoint);
    }

    private static string Raw(JsonElement parent, string name) => TryGet(parent, name, out var value) ? value.GetRawText() : "null";

    private static List<JsonElement> Things(JsonElement root, string key, string endpoint) =>
        root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(key, out var list) ? throw MissingKey(root, key, endpoint)
        : list.ValueKind == JsonValueKind.Null ? []
        : list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()]
        : throw MissingKey(root, key, endpoint);

    // The thing's fields get its name in front: its id is not the row's.
    private static List<(string Name, JsonElement Value)> Owner(JsonElement one, string thing, string endpoint) =>
        one.ValueKind == JsonValueKind.Object && one.TryGetProperty(thing, out var owner) && owner.ValueKind == JsonValueKind.Object
            ? [.. owner.EnumerateObject().Select(field => ($"{thing}_{field.Name}", field.Value.Clone()))]
            : throw MissingKey(one, thing, endpoint);

    private static SluiceException MissingKey(JsonElement holder, string key, string endpoint)
    {
        var keys =
            holder.ValueKind == JsonValueKind.Object
                ? string.Join(", ", holder.EnumerateObject().Select(one => one.Name))
                : holder.ValueKind.ToString();
        return new SluiceException(
            SluiceErrorKind.Api,
            $"{endpoint} answered without {key}; the keys found are: {keys}.",
            "Customer.io may have changed the answer. Nothing was written; please report it with this message.");
    }

    private static bool TryGet(JsonElement parent, string name, out JsonElement value)
    {
        value = default;
        return parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out value);
    }

    private static void WriteValue(Utf8JsonWriter writer, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Undefined)
        {
            writer.WriteNullValue();
        }
        else
        {
            value.WriteTo(writer);
        }
    }

    private static List<(string, JsonElement[])> ArraysOf(JsonElement holder) =>
        [.. holder.EnumerateObject()
            .Where(one => one.Value.ValueKind == JsonValueKind.Array)
            .Select(one => (one.Name, one.Value.Clone().EnumerateArray().ToArray()))];

    private static string? TypeOf(JsonElement metric) =>
        metric.ValueKind == JsonValueKind.Object && metric.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
            ? type.GetString()
            : null;

    private FieldProfile FieldsOf()
    {
        var fields = new FieldProfile();
        if (Steps == 0)
        {
            return fields;
        }

        foreach (var name in (string[])["period", "period_start", "period_end", "observed_at"])
        {
            fields.Add(name, JsonKinds.Text);
        }

        fields.Add("step_index", JsonKinds.Integer);
        foreach (var (name, value) in _owner)
        {
            fields.Add(name, KindOf(value));
        }

        if (_type is not null)
        {
            fields.Add("type", JsonKinds.Text);
        }

        foreach (var (name, values) in _series)
        {
            fields.Add(name, values.Aggregate(values.Length < Steps ? JsonKinds.Null : JsonKinds.None, (kinds, value) => kinds | KindOf(value)));
        }

        return fields;
    }

    private static JsonKinds KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => JsonKinds.Null,
        JsonValueKind.Number => JsonNumber.KindOf(JsonMarshal.GetRawUtf8Value(value)),
        JsonValueKind.String => JsonKinds.Text,
        JsonValueKind.True or JsonValueKind.False => JsonKinds.Boolean,
        JsonValueKind.Array => JsonKinds.Array,
        _ => JsonKinds.Object,
    };

    private static string Iso(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
