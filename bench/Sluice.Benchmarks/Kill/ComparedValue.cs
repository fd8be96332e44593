using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Engine.Catalog;

namespace Sluice.Benchmarks.Kill;

/// <summary>A value of the world and one of a table as texts that are equal when the values are.</summary>
internal static class ComparedValue
{
    public static string? Expected(Resource resource, Column column, JsonElement row)
    {
        var paths = resource.Parent?.Columns.ContainsKey(column.Name) == true ? [column.Name, .. column.Sources] : column.Sources;
        foreach (var path in paths)
        {
            var value = row;
            if (path.Split('.').All(key => value.ValueKind == JsonValueKind.Object && value.TryGetProperty(key, out value))
                && value.ValueKind != JsonValueKind.Null)
            {
                return Text(column.Type, value);
            }
        }

        return null;
    }

    public static string? Actual(ColumnType type, object? value) => value switch
    {
        null => null,
        DateTimeOffset time => Time(time.ToUnixTimeSeconds()),
        bool flag => flag ? "true" : "false",
        string text when type == ColumnType.Json => Normal(text),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static string? Text(ColumnType type, JsonElement value) => type switch
    {
        ColumnType.Json => Normal(value.GetRawText()),
        ColumnType.UnixTime => Time(long.Parse(value.ToString(), CultureInfo.InvariantCulture)),
        ColumnType.Boolean => value.ToString() is "True" or "true" ? "true" : "false",
        ColumnType.Text when value.ValueKind is JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => value.ToString(),
    };

    private static string? Time(long seconds) => seconds == 0 ? null : seconds.ToString(CultureInfo.InvariantCulture);

    private static string Normal(string json) => Normal(JsonNode.Parse(json))!.ToJsonString();

    // DuckDB writes 1e308 where others write 1E+308: numbers are compared by value, integers to the last digit.
    private static JsonNode? Normal(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Select(one => KeyValuePair.Create(one.Key, Normal(one.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Normal)]),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => Number(value.ToJsonString()),
        _ => node?.DeepClone(),
    };

    private static JsonValue Number(string text) => text.All(c => char.IsAsciiDigit(c) || c == '-')
        ? JsonValue.Create(text)
        : JsonValue.Create(double.Parse(text, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture));
}
