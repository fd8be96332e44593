using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.Tests.Runs;

/// <summary>Compares a destination table with the simulator's world, value by value, by a reading of its own of the catalog's columns.</summary>
internal static class Truth
{
    public static void AssertEqual(IngestHarness bench, TableJob job, IEnumerable<JsonElement> world)
    {
        // The world's rows are without the answers to surveys, which are only given when asked for.
        var columns = job.Resource.Columns.Where(column => column.Name != "tracked_responses").ToList();
        var expected = world.Select(row => columns.Select(column => Expected(job.Resource, column, row)).ToArray()).ToList();
        var names = string.Join(", ", columns.Select(column => $"\"{column.Name}\""));
        var actual = bench
            .Query($"SELECT {names} FROM customerio.\"{job.Table}\"")
            .Select(row => row.Select((value, i) => Actual(columns[i].Type, value)).ToArray())
            .ToList();
        var keys = job.PrimaryKey.Select(key => columns.FindIndex(column => column.Name == key)).ToArray();
        AssertEqual(job.Table, columns, ByKey(expected, keys), ByKey(actual, keys));
        Assert.True(expected.Count == actual.Count, $"{job.Table}: the world has {expected.Count} rows, the table {actual.Count}.");
    }

    private static Dictionary<string, string?[]> ByKey(List<string?[]> rows, int[] keys) =>
        rows.GroupBy(row => string.Join('|', keys.Select(key => row[key]))).ToDictionary(group => group.Key, group => group.Last());

    private static void AssertEqual(
        string table, IReadOnlyList<Column> columns, Dictionary<string, string?[]> expected, Dictionary<string, string?[]> actual)
    {
        var missing = expected.Keys.Except(actual.Keys).Take(3).ToList();
        var extra = actual.Keys.Except(expected.Keys).Take(3).ToList();
        Assert.True(missing.Count + extra.Count == 0, $"{table}: missing [{string.Join(", ", missing)}], extra [{string.Join(", ", extra)}]");
        foreach (var (key, row) in expected)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                Assert.True(
                    row[i] == actual[key][i],
                    $"{table} {key}: {columns[i].Name} is {actual[key][i] ?? "NULL"}, in the world it is {row[i] ?? "NULL"}");
            }
        }
    }

    private static string? Expected(Resource resource, Column column, JsonElement row)
    {
        var paths = resource.IsInjected(column.Name) ? [column.Name, .. column.Sources] : column.Sources;
        foreach (var path in paths)
        {
            var value = row;
            if (path.Split('.').All(key => value.ValueKind == JsonValueKind.Object && value.TryGetProperty(key, out value))
                && value.ValueKind != JsonValueKind.Null)
            {
                return Value(column.Type, value);
            }
        }

        return null;
    }

    private static string? Value(ColumnType type, JsonElement value) => type switch
    {
        ColumnType.Json => Normal(value.GetRawText()),
        ColumnType.UnixTime => Time(long.Parse(value.ToString(), CultureInfo.InvariantCulture)),
        ColumnType.Boolean => value.ToString() is "True" or "true" ? "true" : "false",
        ColumnType.Text when value.ValueKind is JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => value.ToString(),
    };

    private static string? Actual(ColumnType type, object? value) => value switch
    {
        null => null,
        DateTimeOffset time => Time(time.ToUnixTimeSeconds()),
        bool flag => flag ? "true" : "false",
        string text when type == ColumnType.Json => Normal(text),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
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
