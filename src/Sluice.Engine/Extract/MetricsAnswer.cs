using System.Text.Json;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract;

/// <summary>Reads all series of an answer: one, or one for each of the things that the catalog names, such as links.</summary>
internal static class MetricsAnswer
{
    private const string SeriesKey = "metric";

    public static IReadOnlyList<MetricsSeries> Parse(ReadOnlyMemory<byte> body, Resource resource)
    {
        using var document = JsonDocument.Parse(body, RecordDepth.OfDocument);
        var endpoint = $"{resource.Method} {resource.Path}";
        return resource.SeriesOf is { } thing
            ? [.. Things(document.RootElement, resource.RootKeys[0], endpoint).Select(one => MetricsSeries.Parse(one, SeriesKey, endpoint, Owner(one, thing, endpoint)))]
            : [MetricsSeries.Parse(document.RootElement, resource.RootKeys[0], endpoint, [])];
    }

    private static List<JsonElement> Things(JsonElement root, string key, string endpoint) =>
        root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(key, out var list) ? throw Missing(root, key, endpoint)
        : list.ValueKind == JsonValueKind.Null ? []
        : list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()]
        : throw Missing(root, key, endpoint);

    // The thing's fields get its name in front: its id is not the row's.
    private static List<(string Name, JsonElement Value)> Owner(JsonElement one, string thing, string endpoint) =>
        one.ValueKind == JsonValueKind.Object && one.TryGetProperty(thing, out var owner) && owner.ValueKind == JsonValueKind.Object
            ? [.. owner.EnumerateObject().Select(field => ($"{thing}_{field.Name}", field.Value.Clone()))]
            : throw Missing(one, thing, endpoint);

    private static SluiceException Missing(JsonElement holder, string key, string endpoint)
    {
        var keys = holder.ValueKind == JsonValueKind.Object ? string.Join(", ", holder.EnumerateObject().Select(one => one.Name)) : holder.ValueKind.ToString();
        return new SluiceException(
            SluiceErrorKind.Api,
            $"{endpoint} answered without {key}; the keys found are: {keys}.",
            "Customer.io may have changed the answer. Nothing was written; please report it with this message.");
    }
}
